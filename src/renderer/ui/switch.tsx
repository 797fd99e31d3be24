import type { ReactNode } from 'react'
import { Switch as AriaSwitch } from 'react-aria-components'
import type { SwitchProps as AriaSwitchProps } from 'react-aria-components'
import { cx } from './classes.ts'
import styles from './switch.module.css'

interface Props extends Omit<AriaSwitchProps, 'className' | 'children' | 'style'> {
  readonly children?: ReactNode
  readonly className?: string | undefined
}

/** On or off, at once. Without `children` it needs an `aria-label` or `aria-labelledby`. */
export function Switch({ children, className, ...props }: Props) {
  return (
    <AriaSwitch {...props} className={cx(styles['switch'], className)}>
      <span className={styles['track']}>
        <span className={styles['thumb']} />
      </span>
      {children}
    </AriaSwitch>
  )
}
