import { useEffect, useEffectEvent, useId, useImperativeHandle, useRef, useState } from 'react'
import type { Ref } from 'react'
import type { EditorView } from '@codemirror/view'
import type { KeelanfileFault } from '../../../helper/api/keelanfile.ts'
import { call } from '../api/client.ts'
import { goTo, newEditor, setText, showFaults } from './code-mirror.ts'
import { FaultList } from './fault-list.tsx'
import styles from './keelanfile-editor.module.css'

export interface EditorHandle {
  /** Replaces the text; it can be undone. */
  setText(text: string): void
  /** Marks faults that were found elsewhere, and puts the cursor at the first. */
  showFaults(faults: readonly KeelanfileFault[]): void
}

interface Props {
  /** What it begins with; it keeps the text from then on and tells changes. */
  readonly text: string
  readonly onChange: (text: string) => void
  /** What relative paths in the text start from. */
  readonly folder: string
  readonly label: string
  readonly ref?: Ref<EditorHandle>
}

/** A Keelanfile that can be edited: the helper checks it while it is typed, and says what is wrong where. */
export function KeelanfileEditor({ text, onChange, folder, label, ref }: Props) {
  const parent = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const [faults, setFaults] = useState<readonly KeelanfileFault[]>([])
  const listId = useId()
  const changed = useEffectEvent(onChange)
  const check = useEffectEvent(async (written: string) => {
    try {
      const reading = await call('readKeelanfile', { body: { text: written, folder } })
      setFaults(reading.faults)
      return reading.faults
    } catch {
      // The helper is away, which the window says; saving says it again.
      return []
    }
  })
  const attributes = useEffectEvent(() => ({ 'aria-label': label, 'aria-describedby': listId }))
  const begin = useEffectEvent(() => text)

  useEffect(() => {
    const editor = newEditor({
      parent: parent.current!,
      text: begin(),
      attributes: attributes(),
      onChange: (written) => changed(written),
      check: (written) => check(written),
    })
    view.current = editor
    return () => editor.destroy()
  }, [])

  useImperativeHandle(ref, () => ({
    setText: (written) => view.current && setText(view.current, written),
    showFaults: (found) => {
      setFaults(found)
      if (view.current) showFaults(view.current, found)
    },
  }))

  return (
    <div className={styles.editor}>
      <div ref={parent} className={styles.field} />
      <FaultList id={listId} faults={faults} onPick={(fault) => view.current && goTo(view.current, fault)} />
    </div>
  )
}
