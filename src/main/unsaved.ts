import { app, type BrowserWindow } from 'electron'
import { mayDiscard } from './questions.ts'

/**
 * Asks before a window loses what was typed into it and not saved, and then does what its page held up: to close, to load the page
 * again, or to quit. The window stays until there is an answer; `stays` hears of it. The app goes on meanwhile: a question that
 * is waited for in Electron's way (`showMessageBoxSync`) would stop all of it, tray and notifications too.
 */
export function askBeforeDiscarding(window: BrowserWindow, stays: () => void): void {
  type Wish = 'close' | 'load' | 'quit'
  let wish: Wish = 'load'
  let isAsked = false
  let isAnswered = false
  const onQuit = () => {
    wish = 'quit'
  }
  app.on('before-quit', onQuit)
  window.once('closed', () => app.off('before-quit', onQuit))
  window.on('close', () => {
    if (wish === 'load') wish = 'close'
  })

  const ask = async () => {
    const mayGo = await mayDiscard(window)
    const wished = wish
    isAsked = false
    wish = 'load'
    if (!mayGo || window.isDestroyed()) return
    isAnswered = true
    if (wished === 'quit') app.quit()
    else if (wished === 'close') window.close()
    else window.webContents.reload()
  }
  window.webContents.on('will-prevent-unload', (event) => {
    if (isAnswered) {
      isAnswered = false
      event.preventDefault()
      return
    }
    stays()
    if (isAsked) return
    isAsked = true
    void ask()
  })
}
