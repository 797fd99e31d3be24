import type { ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import type { ButtonProps as AriaButtonProps } from 'react-aria-components'
import styles from './button.module.css'
import { cx } from './classes.ts'
import { Spinner } from './spinner.tsx'
import { Tooltip } from './tooltip.tsx'

export type ButtonVariant = 'default' | 'primary' | 'danger' | 'quiet'

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'children' | 'style'> {
  readonly variant?: ButtonVariant
  readonly icon?: ReactNode
  readonly children?: ReactNode
  readonly className?: string | undefined
}

/** `isPending` shows that its action is under way, and takes no presses meanwhile. */
export function Button({ variant = 'default', icon, children, className, ...props }: ButtonProps) {
  return (
    <AriaButton {...props} className={cx(styles['button'], styles[variant], className)}>
      {props.isPending ? <Spinner label="under way" /> : icon}
      {children !== undefined && <span className={styles['label']}>{children}</span>}
    </AriaButton>
  )
}

export interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'children' | 'style' | 'aria-label'> {
  /** What it does, read out and shown as a tooltip. */
  readonly label: string
  readonly icon: ReactNode
  readonly className?: string | undefined
}

/** A button that is a picture only. */
export function IconButton({ label, icon, className, ...props }: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <AriaButton {...props} aria-label={label} className={cx(styles['button'], styles['icon'], className)}>
        {icon}
      </AriaButton>
    </Tooltip>
  )
}
