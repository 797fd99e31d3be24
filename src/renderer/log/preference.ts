import { useState } from 'react'

/** A choice of how a page looks, kept in this browser or window. */
export function usePreference(name: string, byDefault: boolean): [boolean, (on: boolean) => void] {
  const key = `keelan.${name}`
  const [isOn, setOn] = useState(() => {
    const stored = localStorage.getItem(key)
    return stored === null ? byDefault : stored === 'on'
  })
  const change = (on: boolean): void => {
    localStorage.setItem(key, on ? 'on' : 'off')
    setOn(on)
  }
  return [isOn, change]
}
