import type { ReactNode } from 'react'
import { ToggleButton } from 'react-aria-components'
import { Tooltip } from '../ui/tooltip.tsx'
import styles from './toggle.module.css'

interface Props {
  /** What is on when it is on, read out and shown as a tooltip. */
  readonly label: string
  readonly icon: ReactNode
  /** Beside the picture. */
  readonly children?: string
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
}

/** A small button that stays pressed. */
export function Toggle({ label, icon, children, isOn, onChange }: Props) {
  return (
    <Tooltip text={label}>
      <ToggleButton
        {...(children === undefined && { 'aria-label': label })}
        className={styles['toggle'] ?? ''}
        isSelected={isOn}
        onChange={onChange}
      >
        {icon}
        {children}
      </ToggleButton>
    </Tooltip>
  )
}
