import { useEffect, useState } from 'react'
import { call } from '../api/client.ts'
import { faultsByField, formFaults, keelanfileText } from './ship-form.ts'
import type { ShipForm } from './ship-form.ts'

/** ms without a change before the form is checked. */
const checkAfterMs = 250

/** What is wrong with the form, by field, as the helper sees it; and a way to say it at once. */
export function useFormFaults(form: ShipForm) {
  const [faults, setFaults] = useState<ReadonlyMap<string, string>>(new Map())
  useEffect(() => {
    const ended = new AbortController()
    const timer = setTimeout(() => {
      const body = { text: keelanfileText(form), folder: '/' }
      call('readKeelanfile', { body }, ended.signal).then(
        (reading) => setFaults(faultsByField([...formFaults(form), ...reading.faults], form.name)),
        // The helper is away, which the window says; deploying says it again.
        () => {},
      )
    }, checkAfterMs)
    return () => {
      clearTimeout(timer)
      ended.abort()
    }
  }, [form])
  return [faults, setFaults] as const
}
