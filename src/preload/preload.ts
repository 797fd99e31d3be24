import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { Desktop, HelperState } from './desktop.ts'

// The page gets these calls and nothing else of Electron. Main checks who calls and what it is given.

const versionFlag = '--keelan-version='

function listen<T>(channel: string, listener: (value: T) => void): () => void {
  const receive = (_: unknown, value: T) => listener(value)
  ipcRenderer.on(channel, receive)
  return () => {
    ipcRenderer.off(channel, receive)
  }
}

/** Throws an Error in plain words, with the way out. */
async function ask<T>(channel: string, ...given: unknown[]): Promise<T> {
  const { value, fault } = (await ipcRenderer.invoke(channel, ...given)) as { value: T; fault?: string }
  if (fault !== undefined) throw new Error(fault)
  return value
}

const desktop: Desktop = {
  pathOf: (file) => webUtils.getPathForFile(file),
  choose: (what) => ask('keelan:choose', what),
  show: (path) => ask('keelan:show', path),
  startAtLogin: () => ask('keelan:start-at-login'),
  setStartAtLogin: (on) => ask('keelan:set-start-at-login', on),
  notificationsWork: () => ask('keelan:notifications-work'),
  helperState: () => ask('keelan:helper-state'),
  startHelper: () => ask('keelan:start-helper'),
  stopHelper: () => ask('keelan:stop-helper'),
  restartHelper: () => ask('keelan:restart-helper'),
  onHelperState: (listener) => listen<HelperState>('keelan:helper-state', listener),
  onGo: (listener) => {
    const end = listen<string>('keelan:go', listener)
    ipcRenderer.send('keelan:listens')
    return end
  },
  version: process.argv.find((word) => word.startsWith(versionFlag))?.slice(versionFlag.length) ?? '',
}

contextBridge.exposeInMainWorld('keelan', desktop)
