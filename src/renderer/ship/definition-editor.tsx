import { useEffect, useRef, useState } from 'react'
import type { Ship } from '../../../helper/api/ship.ts'
import { deployText } from '../deploy/deploy-draft.ts'
import type { EditorHandle } from '../keelanfile/keelanfile-editor.tsx'
import { LazyEditor } from '../keelanfile/lazy-editor.tsx'
import { useAction } from '../state/actions.tsx'
import { go } from '../state/location.ts'
import { queries, shipKey } from '../state/query.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { Switch } from '../ui/switch.tsx'
import styles from './definition.module.css'
import { readChange, saveDefinition } from './save-definition.ts'
import type { Draft, Reading } from './save-definition.ts'
import { WhenToApply } from './when-to-apply.tsx'

interface Props {
  readonly ship: Ship
  /** The definition as it is now. */
  readonly current: string
  /** What relative paths in the text start from. */
  readonly folder: string
  readonly hasVariables: boolean
  readonly draft: Draft
  readonly onDraft: (draft: Draft) => void
  readonly isShown: boolean
  readonly onShown: (isShown: boolean) => void
}

type Change = Extract<Reading, { kind: 'definition' }>

export function DefinitionEditor({ ship, current, folder, hasVariables, draft, onDraft, isShown, onShown }: Props) {
  const { name } = ship
  const editor = useRef<EditorHandle>(null)
  const { isBusy, run } = useAction()
  const [refusal, setRefusal] = useState<Reading | null>(null)
  const [asked, setAsked] = useState<Change | null>(null)
  const drop = (): void => {
    onDraft(null)
    setRefusal(null)
    editor.current?.setText(current)
  }

  const isChanged = draft !== null
  useEffect(() => {
    if (!isChanged) editor.current?.setText(current)
  }, [current, isChanged])
  const save = async ({ definition }: Change, restart: boolean): Promise<void> => {
    setAsked(null)
    const outcome = await run({
      doing: restart ? `Restarting ${name} with its new definition…` : 'Saving…',
      done: restart ? `${name} restarted with its new definition` : `Saved; it applies when ${name} starts next`,
      failed: restart ? `${name} was not restarted as asked` : 'The definition was not saved',
      work: async () => {
        try {
          await saveDefinition(definition, restart)
        } finally {
          await queries.invalidateQueries({ queryKey: shipKey(name) })
        }
      },
    })
    if (outcome.ok || outcome.error.code === 'FAILED_TO_START') onDraft(null)
  }

  const check = async (): Promise<void> => {
    if (draft === null) return
    setRefusal(null)
    const outcome = await run({
      doing: 'Checking…',
      done: (reading) =>
        reading.kind === 'definition' && isSame(reading) ? 'Nothing to save: it means the same' : null,
      failed: 'The definition was not saved',
      work: () => readChange(name, { text: draft.text, folder, isShown }),
    })
    if (!outcome.ok) return
    const reading = outcome.value
    if (reading.kind === 'faults') editor.current?.showFaults(reading.faults)
    if (reading.kind !== 'definition') return setRefusal(reading)
    if (isSame(reading)) return drop()
    if (reading.plan === 'restart') return setAsked(reading)
    await save(reading, false)
  }

  return (
    <div className={styles['tab']}>
      <div className={styles['bar']}>
        {hasVariables && (
          <Switch isSelected={isShown} onChange={onShown} isDisabled={isChanged}>
            Show values of variables
          </Switch>
        )}
        <span className={styles['state']} role="status">
          {isChanged && 'Not saved yet'}
        </span>
        <Button isDisabled={!isChanged || isBusy} onPress={drop}>
          Undo changes
        </Button>
        <Button variant="primary" isDisabled={!isChanged} isPending={isBusy} onPress={() => void check()}>
          Save
        </Button>
      </div>
      {draft !== null && !isBusy && draft.from !== current && (
        <Banner actions={<Button onPress={drop}>Drop mine and show it</Button>}>
          The definition was changed elsewhere meanwhile. Saving replaces it by what stands here.
        </Banner>
      )}
      {refusal && (
        <Refusal
          reading={refusal}
          name={name}
          onDeploy={() => {
            if (draft) deployText(draft.text, folder)
            go('/deploy')
          }}
        />
      )}
      <div className={styles['editor']}>
        <LazyEditor
          ref={editor}
          label={`Definition of ${name}`}
          text={draft?.text ?? current}
          folder={folder}
          onChange={(text) => {
            setRefusal(null)
            onDraft(text === current ? null : { from: draft?.from ?? current, text, isShown })
          }}
        />
      </div>
      <p className={styles['hint']}>
        Defaults are left out, and comments are not kept.
        {hasVariables && !isShown && ' Hidden values (***) stay as they are.'}
        {hasVariables && isChanged && ' Values can be shown or hidden again once the changes are saved or undone.'}
      </p>
      <WhenToApply
        name={name}
        isOpen={asked !== null}
        onCancel={() => setAsked(null)}
        onChoose={(restart) => void (asked && save(asked, restart))}
      />
    </div>
  )
}

/** It is as it was before: applied at once it would be left alone, or only started. */
const isSame = ({ plan }: Change): boolean => plan === 'none' || plan === 'start'

interface RefusalProps {
  readonly reading: Reading
  readonly name: string
  readonly onDeploy: () => void
}

function Refusal({ reading, name, onDeploy }: RefusalProps) {
  switch (reading.kind) {
    case 'faults':
      return <Banner tone="bad">It was not saved: correct the lines named below first.</Banner>
    case 'hidden':
      return (
        <Banner tone="bad">
          It was not saved: {reading.variables.join(', ')} {reading.variables.length === 1 ? 'has' : 'have'} *** as
          value, which stands for a hidden one, and there is none of that name. Write the value itself.
        </Banner>
      )
    case 'other':
      return (
        <Banner tone="bad" actions={<Button onPress={onDeploy}>Deploy as new</Button>}>
          It was not saved: a ship keeps its name, and this page is for {name} alone; the text names{' '}
          {reading.names.join(', ')}. Ships of other names are deployed as new ones.
        </Banner>
      )
    case 'definition':
      return null
  }
}
