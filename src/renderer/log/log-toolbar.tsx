import { ArrowDownToLine, Clock, Copy, Download, Flag, WrapText } from 'lucide-react'
import { requestPath } from '../../../helper/api/request.ts'
import { Button } from '../ui/button.tsx'
import { MenuButton, MenuItem } from '../ui/menu.tsx'
import { Explained } from '../ui/tooltip.tsx'
import { localTime } from '../ui/words.ts'
import type { Stream } from './log-source.ts'
import styles from './log-view.module.css'
import type { RunMark } from './run-marks.ts'
import { Toggle } from './toggle.tsx'

interface Props {
  readonly name: string
  readonly stream: Stream
  /** null: there is only one. */
  readonly onStream: ((stream: Stream) => void) | null
  /** In the order of the log. */
  readonly runs: readonly RunMark[]
  readonly onRun: (run: RunMark) => void
  readonly wraps: boolean
  readonly onWraps: (isOn: boolean) => void
  readonly showsTimes: boolean
  readonly onShowsTimes: (isOn: boolean) => void
  readonly isFollowing: boolean
  readonly onFollow: (isOn: boolean) => void
  readonly hasSelection: boolean
  readonly isEmpty: boolean
  readonly onCopy: (what: 'selection' | 'screen') => void
}

/** What can be done with a log, beside searching it. */
export function LogToolbar(props: Props) {
  const { name, stream, onStream, runs, onRun, isFollowing, onFollow, hasSelection, isEmpty, onCopy } = props
  const newestFirst = [...runs].reverse()
  return (
    <div className={styles['tools']} role="group" aria-label="The log">
      {onStream && (
        <div className={styles['streams']} role="group" aria-label="Which output">
          <Toggle
            label="What it writes to stdout"
            icon={null}
            isOn={stream === 'stdout'}
            onChange={() => onStream('stdout')}
          >
            Output
          </Toggle>
          <Toggle
            label="What it writes to stderr"
            icon={null}
            isOn={stream === 'stderr'}
            onChange={() => onStream('stderr')}
          >
            Errors
          </Toggle>
        </div>
      )}
      <Toggle
        label="Show the newest lines as they come (End)"
        icon={<ArrowDownToLine size={15} />}
        isOn={isFollowing}
        onChange={onFollow}
      >
        Follow
      </Toggle>
      <MenuButton
        label="Runs"
        button={
          <Button variant="quiet" className={styles['tool']} icon={<Flag size={15} />} isDisabled={runs.length === 0}>
            Jump to run…
          </Button>
        }
        onAction={(key) => {
          const run = runs.find((mark) => String(mark.run.id) === key)
          if (run) onRun(run)
        }}
      >
        {newestFirst.map(({ run }) => (
          <MenuItem key={run.id} id={String(run.id)}>
            {`${localTime(run.startedAt)}, ${run.endedAt === null ? 'running now' : (run.message ?? 'ended')}`}
          </MenuItem>
        ))}
      </MenuButton>
      <Toggle label="Times" icon={<Clock size={15} />} isOn={props.showsTimes} onChange={props.onShowsTimes} />
      <Toggle label="Wrap long lines" icon={<WrapText size={15} />} isOn={props.wraps} onChange={props.onWraps} />
      <MenuButton
        label="Copy"
        button={
          <Button
            variant="quiet"
            className={styles['tool']}
            icon={<Copy size={15} />}
            aria-label="Copy lines"
            isDisabled={isEmpty}
          />
        }
        disabledKeys={hasSelection ? [] : ['selection']}
        onAction={(key) => onCopy(key === 'selection' ? 'selection' : 'screen')}
      >
        <MenuItem id="selection" shortcut="Ctrl C">
          Copy the selected lines
        </MenuItem>
        <MenuItem id="screen">Copy the lines on the screen</MenuItem>
      </MenuButton>
      <Explained text="Save the whole log as it is">
        <a
          className={styles['save']}
          href={requestPath('readLog', { name }, { stream })}
          download={`${name}${stream === 'stderr' ? '.stderr' : ''}.log`}
          aria-label="Save the log"
        >
          <Download size={15} aria-hidden="true" />
        </a>
      </Explained>
    </div>
  )
}
