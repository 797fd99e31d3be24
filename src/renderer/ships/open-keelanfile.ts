import { go } from '../state/location.ts'

/** Asks for a Keelanfile and shows what is in it, to be looked at before anything is deployed. */
export async function openKeelanfile(): Promise<void> {
  const path = await window.keelan?.choose('keelanfile')
  if (path) go(`/deploy?path=${encodeURIComponent(path)}`)
}
