import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Outcome, run } from './testing/commands.ts'
import { appCommand, appEnvironment, launchApp } from './testing/desktop/app.ts'
import { sharedDesktop } from './testing/desktop/desktop.ts'
import { isRoot } from './testing/users.ts'
import { eventually, workplace, type Workplace } from './testing/workplace.ts'

// The app starts as far as it can, or says why it cannot; it is never there without being seen.

const desktop = await sharedDesktop()

const start = async (place: Workplace, ...words: string[]): Promise<Outcome> =>
  run([...(await appCommand()), ...words], { cwd: place.folder, env: appEnvironment(place, desktop) })

test('a link too long to be told to the app that runs leaves it alone; one of 8,000 characters arrives', async () => {
  const place = workplace()
  const app = await launchApp(place, desktop, { words: ['--hidden'] })
  const icon = await app.icon()
  await eventually(() => icon.tooltip()).toBe('No ships yet')
  for (const length of [8_200, 100_000])
    expect(await start(place, `keelan://deploy?command=${'x'.repeat(length)}`)).toMatchObject({ code: 1 })
  expect(app.isRunning()).toBe(true)
  expect(app.electron.windows()).toEqual([])
  // Each of these takes two bytes in the link and six as it is written there.
  const command = 'é'.repeat(1_300)
  expect(await start(place, `keelan://deploy?command=${encodeURIComponent(command)}`)).toMatchObject({ code: 0 })
  const window = await app.window()
  await eventually(() => window.getByRole('textbox', { name: /^Command/ }).inputValue()).toBe(command)
})

test('it starts from a folder that is gone', async () => {
  const place = workplace()
  const [electron, ...words] = await appCommand()
  const gone = join(place.folder, 'gone')
  mkdirSync(gone)
  const running = await launchApp(place, desktop, { words: ['--hidden'] })
  await running.icon()
  const script = 'rmdir "$PWD"; exec "$0" "$@"'
  const outcome = await run(['sh', '-c', script, electron, ...words], {
    cwd: gone,
    env: appEnvironment(place, desktop),
  })
  expect(outcome).toMatchObject({ code: 0 })
  expect(existsSync(gone)).toBe(false)
  await running.window()
})

test('a base directory that is named by a link is one all the same: what is in it is shown in the file manager', async () => {
  const place = workplace({
    env: (folder) => {
      mkdirSync(join(folder, 'real'))
      symlinkSync(join(folder, 'real'), join(folder, 'link'))
      return { BASE_DIRECTORY: join(folder, 'link') }
    },
  })
  const app = await launchApp(place, desktop)
  const window = await app.window()
  await window.getByText('Helper running').first().waitFor()
  // There is no file manager here.
  await app.electron.evaluate(({ shell }) => {
    shell.showItemInFolder = (path) => void ((globalThis as unknown as { shown: string }).shown = path)
  })
  const show = (path: string) =>
    window.evaluate(
      async (shown) =>
        await (globalThis as unknown as { keelan: { show(path: string): Promise<void> } }).keelan.show(shown).then(
          () => 'shown',
          (error: Error) => error.message,
        ),
      path,
    )
  expect(await show(place.paths.defaultLogFile)).toBe('shown')
  expect(await app.electron.evaluate(() => (globalThis as unknown as { shown: string }).shown)).toBe(
    join(place.folder, 'real/logs/monitor-daemon.log'),
  )
  expect(await show('/etc/passwd')).toMatch("not one of Keelan's files")
})

/** A base directory on a small disk of its own. */
function smallDisk(): { place: Workplace; disk: string } {
  const disk = mkdtempSync(join(tmpdir(), 'keelan-disk-'))
  onTestFinished(() => {
    execFileSync('umount', [disk])
    rmdirSync(disk)
  })
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=700', 'tmpfs', disk])
  const place = workplace({ env: { BASE_DIRECTORY: join(disk, 'base') } })
  for (const folder of ['app', 'run', 'logs'])
    mkdirSync(join(place.paths.base, folder), { recursive: true, mode: 0o700 })
  return { place, disk }
}

test.skipIf(!isRoot)(
  'on a disk that may only be read it says so, and is not taken for running (needs root)',
  async () => {
    const { place, disk } = smallDisk()
    execFileSync('mount', ['-o', 'remount,ro', disk])
    const { code, stderr } = await start(place)
    expect(code).toBe(1)
    expect(stderr).toMatch(/Keelan cannot start[^]*base\/app cannot be written to/)
  },
)

test.skipIf(!isRoot)('on a full disk it starts, and picks up once there is room again (needs root)', async () => {
  const { place, disk } = smallDisk()
  execFileSync('sh', ['-c', 'cat /dev/zero > "$0/full" 2>/dev/null || true', disk])
  const app = await launchApp(place, desktop, { words: ['--hidden'] })
  const icon = await app.icon()
  await eventually(() => icon.tooltip()).toMatch(/^The helper/)
  rmSync(join(disk, 'full'))
  await eventually(() => icon.tooltip()).toMatch(/^No ships yet$|does not stay up/)
  if ((await icon.tooltip()) !== 'No ships yet') await icon.click('Start helper')
  await eventually(() => icon.tooltip()).toBe('No ships yet')
})
