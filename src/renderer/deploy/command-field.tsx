import { Radio, RadioGroup } from 'react-aria-components'
import { TextField } from '../ui/text-field.tsx'
import styles from './deploy.module.css'
import type { ShipForm } from './ship-form.ts'

type Part = Pick<ShipForm, 'commandAs' | 'command'>

interface Props extends Part {
  readonly onChange: (part: Partial<Part>) => void
  readonly error: string | undefined
}

const ways = {
  line: {
    title: 'One line for the shell',
    help: 'Run by sh -c, so that variables, pipes and && mean what they mean in a terminal.',
    placeholder: 'npm start',
  },
  words: {
    title: 'Program and arguments',
    help: 'One a line, run as they stand, without a shell.',
    placeholder: 'python3\n-m\nhttp.server\n8000',
  },
} as const

/** What the ship runs. */
export function CommandField({ commandAs, command, onChange, error }: Props) {
  const { help, placeholder } = ways[commandAs]
  return (
    <div className={styles['stack']} data-field="command">
      <TextField
        label="Command"
        mono
        isRequired
        validationBehavior="aria"
        rows={commandAs === 'line' ? 2 : 4}
        placeholder={placeholder}
        help={help}
        spellCheck="false"
        value={command}
        onChange={(written) => onChange({ command: written })}
        error={error}
      />
      <RadioGroup
        aria-label="How the command is written"
        orientation="horizontal"
        className={styles['radios']!}
        value={commandAs}
        onChange={(way) => onChange({ commandAs: way === 'words' ? 'words' : 'line' })}
      >
        {Object.entries(ways).map(([way, { title }]) => (
          <Radio key={way} value={way} className={styles['radio']!}>
            <span className={styles['dot']} aria-hidden="true" />
            {title}
          </Radio>
        ))}
      </RadioGroup>
    </div>
  )
}
