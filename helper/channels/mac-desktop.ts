import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Notification } from '../api/incidents.ts'
import type { Channel } from './channel.ts'

const script = ['on run argv', 'display notification (item 2 of argv) with title (item 1 of argv)', 'end run'].flatMap(
  (line) => ['-e', line],
)

/** How long the system may take, in ms. */
const answerMs = 5_000

/** The notifications of macOS, through `osascript`; a click opens nothing. Not tested: there is no Mac to test on. */
export class MacDesktop implements Channel {
  /** Titles and bodies are arguments of the script, and never part of it. */
  async tell({ title, body }: Notification): Promise<void> {
    await promisify(execFile)('osascript', [...script, '--', title, body], { timeout: answerMs })
  }

  close(): void {}
}
