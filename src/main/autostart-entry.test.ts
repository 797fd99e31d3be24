import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { autostartEntry, isSwitchedOn } from './autostart-entry.ts'

const lineOf = (entry: string, key: string) => entry.split('\n').find((line) => line.startsWith(`${key}=`))

test('the app starts at login without its window', () => {
  expect(lineOf(autostartEntry(['/opt/keelan/keelan'], '/opt/keelan/icon.png', {}), 'Exec')).toBe(
    'Exec=/opt/keelan/keelan --hidden',
  )
})

test('paths with spaces and signs are quoted as the specification says', () => {
  const entry = autostartEntry(['/opt/My "Apps"/100% $x`\\y'], '/opt/My Apps/icon.png', {})
  // A backslash for the quotes, and one more for each as in every value.
  expect(lineOf(entry, 'Exec')).toBe(
    String.raw`Exec="/opt/My \\"Apps\\"/100%% \\$x\\` + '`' + String.raw`\\\\y" --hidden`,
  )
  expect(lineOf(entry, 'Icon')).toBe('Icon=/opt/My Apps/icon.png')
})

test('an app with a base directory of its own starts with that one', () => {
  expect(lineOf(autostartEntry(['/opt/keelan/keelan'], '/i.png', { BASE_DIRECTORY: '/srv/my keelan' }), 'Exec')).toBe(
    'Exec=env "BASE_DIRECTORY=/srv/my keelan" /opt/keelan/keelan --hidden',
  )
})

test.skipIf(!existsSync('/usr/bin/desktop-file-validate'))('the desktop takes it for valid', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keelan-entry-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'keelan.desktop')
  writeFileSync(
    file,
    autostartEntry(['/opt/My "Apps"/100% $x`\\y'], '/opt/icon.png', { BASE_DIRECTORY: '/srv/my\tkeelan\r\nhere' }),
  )
  expect(execFileSync('desktop-file-validate', [file], { encoding: 'utf8' })).toBe('')
})

test('an entry that the desktop has switched off does not start the app', () => {
  const entry = autostartEntry(['/opt/keelan/keelan'], '/i.png', {})
  expect(isSwitchedOn(entry)).toBe(true)
  expect(isSwitchedOn(`${entry}Hidden=true\n`)).toBe(false)
  expect(isSwitchedOn(entry.replace('enabled=true', 'enabled=false'))).toBe(false)
})
