import type { ReactElement, ReactNode } from 'react'
import { Focusable, Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components'
import type { TooltipProps } from 'react-aria-components'
import styles from './tooltip.module.css'

interface Props {
  readonly text: ReactNode
  readonly placement?: TooltipProps['placement']
  /** A button or the like of the ui folder. */
  readonly children: ReactElement
}

/** Says more about a button when it is pointed at or focused. */
export function Tooltip({ text, placement = 'top', children }: Props) {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      {children}
      <AriaTooltip className={styles['tooltip'] ?? ''} placement={placement} offset={6}>
        {text}
      </AriaTooltip>
    </TooltipTrigger>
  )
}

/** The same for what is no button: `children` is one element that can be focused (`tabIndex`, `role`). */
export function Explained({
  text,
  placement,
  children,
}: Omit<Props, 'children'> & { readonly children: ReactElement<object, string> }) {
  return (
    <Tooltip text={text} {...(placement && { placement })}>
      <Focusable>{children}</Focusable>
    </Tooltip>
  )
}
