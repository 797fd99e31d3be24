import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { endProcesses, processesOf } from './orphans.ts'
import { isAlive, type ProcessIdentity, processStat, signalProcess } from './process-identity.ts'

function sleeper(env: NodeJS.ProcessEnv = {}, command = 'sleep 1000'): ProcessIdentity {
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], {
    env: { ...process.env, ...env },
    stdio: 'ignore',
    detached: true,
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const pid = child.pid ?? 0
  return { pid, startTime: processStat(pid)?.startTime ?? '' }
}

test('a process is known by its pid and start time', () => {
  expect(isAlive(sleeper())).toBe(true)
})

test('another process with the same pid is not the one meant, and is not signalled', () => {
  const real = sleeper()
  const reused = { ...real, startTime: String(Number(real.startTime) - 1) }
  expect(isAlive(reused)).toBe(false)
  expect(signalProcess(reused, 'SIGKILL')).toBe(false)
  expect(isAlive(real)).toBe(true)
})

test('a zombie is gone', async () => {
  // Once the shell has become `sleep`, it waits for its child no more; only then may that one end.
  const parent = spawn('/bin/sh', ['-c', 'sleep 1000 & echo $!; exec sleep 1000'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  onTestFinished(() => void parent.kill('SIGKILL'))
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(line.toString())
  await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8')).toBe('sleep\n')
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => processStat(pid)?.state).toBe('Z')
  expect(isAlive({ pid, startTime: processStat(pid)?.startTime ?? '' })).toBe(false)
})

test('a process whose name holds spaces and parentheses is read right', async () => {
  const child = spawn('bash', ['-c', 'printf ") R 1 (" > /proc/self/comm; echo; read -r _'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  await expect.poll(() => processStat(child.pid ?? 0)).toMatchObject({ parent: process.pid, state: 'S' })
})

test('finds what carries the mark of a shim, and what that started, in whatever session', async () => {
  const mark = `test-${process.pid}-${Date.now()}`
  const child = spawn('/bin/sh', ['-c', 'setsid sleep 1000 & setsid env -i sleep 1000 & wait'], {
    env: { ...process.env, KEELAN_SHIM: mark },
    stdio: 'ignore',
  })
  const main = { pid: child.pid ?? 0, startTime: processStat(child.pid ?? 0)?.startTime ?? '' }
  const other = sleeper({ KEELAN_SHIM: `${mark}0` })
  await expect.poll(() => processesOf(mark, main).length).toBe(3)
  expect(await endProcesses(mark, main, 'SIGTERM', 5_000)).toEqual([])
  expect(processesOf(mark, main)).toEqual([])
  expect(isAlive(other)).toBe(true)
})

test('kills what ignores the signal, once its time is over', async () => {
  const mark = `stubborn-${process.pid}-${Date.now()}`
  const stubborn = sleeper({ KEELAN_SHIM: mark }, 'sh -c \'trap "" TERM; while :; do sleep 1; done\'')
  await expect.poll(() => processesOf(mark, stubborn).length).toBeGreaterThan(0)
  expect(await endProcesses(mark, stubborn, 'SIGTERM', 200)).toEqual([])
  expect(isAlive(stubborn)).toBe(false)
})
