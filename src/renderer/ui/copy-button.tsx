import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { errorLines } from '../state/actions.tsx'
import { IconButton } from './button.tsx'
import { toast } from './toast.tsx'

/** Copies a text; `label` says which: `Copy the path`. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1_500)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <IconButton
      label={copied ? 'Copied' : label}
      icon={copied ? <Check size={14} /> : <Copy size={14} />}
      onPress={() =>
        void navigator.clipboard.writeText(text).then(
          () => setCopied(true),
          (error: unknown) => toast({ kind: 'failed', title: 'It was not copied', details: errorLines(error) }),
        )
      }
    />
  )
}
