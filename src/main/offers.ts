import { Menu, type BrowserWindow, type WebContents } from 'electron'

/** What a right click offers: to copy what is selected, and to edit what is being typed. */
export function offerCopying(contents: WebContents, window: BrowserWindow): void {
  contents.on('context-menu', (_, { isEditable, selectionText, editFlags }) => {
    if (!isEditable && selectionText === '') return
    const menu = Menu.buildFromTemplate([
      ...(isEditable ? [{ role: 'cut' as const, enabled: editFlags.canCut }] : []),
      { role: 'copy', enabled: editFlags.canCopy },
      ...(isEditable ? [{ role: 'paste' as const, enabled: editFlags.canPaste }] : []),
      { role: 'selectAll' },
    ])
    menu.popup({ window })
  })
}

/** F12 looks into the page, while it is being worked on. */
export function offerDevTools(contents: WebContents): void {
  contents.on('before-input-event', (_, { type, key }) => {
    if (type === 'keyDown' && key === 'F12') contents.toggleDevTools()
  })
}
