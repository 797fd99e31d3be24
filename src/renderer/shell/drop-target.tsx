import { FolderDown } from 'lucide-react'
import { useEffect, useState } from 'react'
import { go } from '../state/location.ts'
import { toast } from '../ui/toast.tsx'
import styles from './drop-target.module.css'

/** Lets a folder or a Keelanfile be dropped anywhere on the window: it fills in the deploy page, and does nothing by itself. */
export function DropTarget() {
  const [isOver, setIsOver] = useState(false)
  useEffect(() => {
    const ending = new AbortController()
    const on = (type: 'dragover' | 'dragleave' | 'drop', listener: (event: DragEvent) => void): void =>
      addEventListener(type, listener, { signal: ending.signal })
    on('dragover', (event) => {
      if (!holdsFiles(event)) return
      event.preventDefault()
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
      setIsOver(true)
    })
    on('dragleave', (event) => {
      if (event.relatedTarget === null) setIsOver(false)
    })
    on('drop', (event) => {
      setIsOver(false)
      if (!holdsFiles(event)) return
      event.preventDefault()
      take([...(event.dataTransfer?.files ?? [])])
    })
    return () => ending.abort()
  }, [])
  if (!isOver) return null
  return (
    <div className={styles['overlay']}>
      <div className={styles['box']}>
        <FolderDown size={28} aria-hidden="true" />
        <strong>Drop a folder or a Keelanfile</strong>
        <span>You see what is in it before anything is deployed.</span>
      </div>
    </div>
  )
}

function take(files: readonly File[]): void {
  const [file] = files
  if (!file) return
  if (files.length > 1) {
    toast({ kind: 'failed', title: 'One at a time, please', details: ['Drop a single folder or Keelanfile.'] })
    return
  }
  const path = window.keelan?.pathOf(file) ?? ''
  if (path !== '') go(`/deploy?path=${encodeURIComponent(path)}`)
  else
    toast({
      kind: 'failed',
      title: `${file.name} cannot be opened from here`,
      details: [
        'Where it lies on this machine is not known. Drop it on the Keelan app, or type `keelan up` in its folder.',
      ],
    })
}

function holdsFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') ?? false
}
