import { useEffect, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import styles from './shortcut-help.module.css'

const groups = [
  {
    title: 'Everywhere',
    keys: [
      ['?', 'Show these shortcuts'],
      ['Ctrl 1 … 3', 'Ships, Helper, Settings'],
      ['Tab', 'To the next part of the page'],
      ['F6', 'To the messages in the corner, and back'],
    ],
  },
  {
    title: 'List of ships',
    keys: [
      ['↑ ↓ ← →', 'Move between ships, and to the buttons of one'],
      ['Enter', 'Open the ship'],
      ['Space', 'Select it'],
      ['Ctrl A', 'Select all'],
      ['Escape', 'Select none'],
      ['Shift S', 'Start'],
      ['Shift T', 'Stop'],
      ['Shift R', 'Restart'],
      ['Delete', 'Remove, after asking'],
      ['/', 'Filter'],
    ],
  },
] as const

const places = ['/ships', '/helper', '/settings']

/** The shortcuts that work everywhere, and the dialog that lists all. */
export function ShortcutHelp({ go }: { readonly go: (place: string) => void }) {
  const [isOpen, setIsOpen] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isTyping(event.target)) return
      const place = event.ctrlKey || event.metaKey ? places[Number(event.key) - 1] : undefined
      if (place !== undefined) go(place)
      else if (event.key === '?') setIsOpen(true)
      else if (event.key === '/') dispatchEvent(new Event('keelan:search'))
      else return
      event.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [go])
  return (
    <Dialog
      title="Keyboard shortcuts"
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      actions={<Button onPress={() => setIsOpen(false)}>Close</Button>}
    >
      {groups.map(({ title, keys }) => (
        <section key={title} className={styles['group']}>
          <h3 className={styles['title']}>{title}</h3>
          <dl className={styles['keys']}>
            {keys.map(([key, does]) => (
              <div key={key} className={styles['line']}>
                <dt>
                  <kbd className={styles['key']}>{key}</kbd>
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  )
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}
