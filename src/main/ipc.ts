import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron'
import { z } from 'zod'
import { AbsolutePath } from '../../helper/api/definition.ts'
import type { Desktop } from '../preload/desktop.ts'
import type { Log } from './app-log.ts'
import { origin } from './policy.ts'
import { wordsOf } from './ship-actions.ts'
import type { AppWindow } from './window.ts'

type Choice = Parameters<Desktop['choose']>[0]

/** What a page may ask for, as far as it is the desktop's: see src/preload/desktop.ts. */
export interface DesktopCalls {
  choose(what: Choice): Promise<string | null>
  show(path: string): Promise<void>
  startAtLogin(): boolean
  setStartAtLogin(on: boolean): void
  notificationsWork(): Promise<boolean>
  helperState(): unknown
  startHelper(): Promise<void>
  stopHelper(): Promise<void>
  restartHelper(): Promise<void>
}

const nothing = z.tuple([])

/** Answers the calls of the window's page, and of nobody else; arguments of another shape than the contract's are refused. */
export function answerPage(window: AppWindow, calls: DesktopCalls, log: Log): void {
  const isOurs = ({ sender, senderFrame }: IpcMainInvokeEvent | IpcMainEvent): boolean =>
    sender === window.contents && senderFrame === sender.mainFrame && senderFrame.url.startsWith(`${origin}/`)

  const answer = <A extends unknown[]>(channel: string, shape: z.ZodType<A>, call: (...args: A) => unknown) => {
    ipcMain.handle(channel, async (event, ...given: unknown[]) => {
      if (!isOurs(event)) {
        log('warn', 'window', `refused ${channel} from ${event.senderFrame?.url}`)
        throw new Error('refused')
      }
      const { success, data } = shape.safeParse(given)
      if (!success) {
        log('warn', 'window', `refused ${channel} with other arguments than it takes`)
        return { fault: `${channel} was given something else than it takes` }
      }
      try {
        return { value: await call(...data) }
      } catch (error) {
        // An error would arrive with words of Electron's in front of it.
        return { fault: wordsOf(error) }
      }
    })
  }

  answer('keelan:choose', z.tuple([z.enum(['keelanfile', 'folder', 'program'])]), calls.choose)
  answer('keelan:show', z.tuple([AbsolutePath]), calls.show)
  answer('keelan:start-at-login', nothing, calls.startAtLogin)
  answer('keelan:set-start-at-login', z.tuple([z.boolean()]), calls.setStartAtLogin)
  answer('keelan:notifications-work', nothing, calls.notificationsWork)
  answer('keelan:helper-state', nothing, calls.helperState)
  answer('keelan:start-helper', nothing, calls.startHelper)
  answer('keelan:stop-helper', nothing, calls.stopHelper)
  answer('keelan:restart-helper', nothing, calls.restartHelper)
  ipcMain.on('keelan:listens', (event) => {
    if (isOurs(event)) window.listens()
  })
}
