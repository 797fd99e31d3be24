import { FolderOpen } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/text-field.tsx'
import styles from './deploy.module.css'

interface Props {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly error: string | undefined
}

/** The folder a ship runs in, typed or chosen. */
export function FolderField({ value, onChange, error }: Props) {
  const desktop = window.keelan
  const choose = async (): Promise<void> => {
    const folder = await desktop?.choose('folder')
    if (folder) onChange(folder)
  }
  return (
    <div className={styles['folder']} data-field="cwd">
      <TextField
        label="Folder it runs in"
        mono
        spellCheck="false"
        autoComplete="off"
        className={styles['grow']}
        help="In full, or beginning with ~/ (your home folder)."
        value={value}
        onChange={onChange}
        error={error}
      />
      {desktop && (
        <Button icon={<FolderOpen size={14} aria-hidden="true" />} onPress={() => void choose()}>
          Choose…
        </Button>
      )}
    </div>
  )
}
