import type { ReactElement, ReactNode } from 'react'
import {
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  MenuTrigger,
  Popover,
  Separator as AriaSeparator,
  Text,
} from 'react-aria-components'
import type { MenuItemProps as AriaMenuItemProps, MenuProps as AriaMenuProps } from 'react-aria-components'
import { cx } from './classes.ts'
import styles from './menu.module.css'

interface MenuProps extends Pick<AriaMenuProps<object>, 'onAction' | 'disabledKeys'> {
  /** The button that opens it. */
  readonly button: ReactElement
  readonly label: string
  readonly children: ReactNode
}

/** A button with a menu of `MenuItem`s and `MenuSeparator`s. */
export function MenuButton({ button, label, children, ...props }: MenuProps) {
  return (
    <MenuTrigger>
      {button}
      <Popover className={styles['popover'] ?? ''} offset={4}>
        <AriaMenu {...props} aria-label={label} className={styles['menu'] ?? ''}>
          {children}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  )
}

interface MenuAtProps extends Omit<MenuProps, 'button'> {
  readonly button: HTMLElement
  readonly onClose: () => void
}

/** A menu that is open at a button, for lists in which a menu for each row would be too many. The button gets the focus back. */
export function MenuAt({ button, label, children, onClose, onAction, ...props }: MenuAtProps) {
  const close = (): void => {
    onClose()
    button.focus()
  }
  return (
    <Popover
      className={styles['popover'] ?? ''}
      aria-label={label}
      isOpen
      triggerRef={{ current: button }}
      placement="bottom end"
      offset={4}
      onOpenChange={(isOpen) => !isOpen && close()}
    >
      <AriaMenu<object>
        {...props}
        autoFocus
        aria-label={label}
        className={styles['menu'] ?? ''}
        onClose={close}
        onAction={(key, value) => {
          close()
          onAction?.(key, value)
        }}
      >
        {children}
      </AriaMenu>
    </Popover>
  )
}

interface MenuItemProps extends Omit<AriaMenuItemProps, 'className' | 'children'> {
  readonly icon?: ReactNode
  /** The key that does the same: `S`. */
  readonly shortcut?: string
  readonly danger?: boolean
  readonly children: string
}

export function MenuItem({ icon, shortcut, danger, children, ...props }: MenuItemProps) {
  return (
    <AriaMenuItem {...props} textValue={children} className={cx(styles['item'], danger && styles['danger'])}>
      <span className={styles['icon']} aria-hidden="true">
        {icon}
      </span>
      <Text slot="label">{children}</Text>
      {shortcut !== undefined && <span className={styles['shortcut']} data-keys={shortcut} />}
    </AriaMenuItem>
  )
}

export function MenuSeparator() {
  return <AriaSeparator className={styles['separator'] ?? ''} />
}
