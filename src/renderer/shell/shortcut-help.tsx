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
      ['F6', 'To the messages in the corner'],
      ['/', 'Filter the ships, or search the log'],
    ],
  },
  {
    title: 'Log of a ship',
    keys: [
      ['Ctrl F', 'Search'],
      ['Enter', 'In the search: next match; with Shift: previous'],
      ['Home', 'To the beginning'],
      ['End', 'To the end, and follow it'],
      ['Shift ↑ ↓', 'Select lines'],
      ['Ctrl C', 'Copy the selected lines'],
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
      wide
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      actions={<Button onPress={() => setIsOpen(false)}>Close</Button>}
    >
      <div className={styles['groups']}>
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
      </div>
    </Dialog>
  )
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}
