import { execFile, spawn } from 'node:child_process'
import { onTestFinished } from 'vitest'

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

/** Runs a program to its end and says what came of it. */
export function run(words: readonly string[], { cwd, env }: RunOptions = {}): Promise<Outcome> {
  const [command = '', ...args] = words
  return new Promise((resolve) => {
    const settings = { cwd, env: env ?? process.env, maxBuffer: 512 * 1_024 * 1_024 }
    const child = execFile(command, args, settings, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    )
  })
}

/** A program that goes on while the test does other things. */
export interface Running {
  readonly pid: number
  readonly stdout: () => string
  readonly stderr: () => string
  /** Sends a signal and gives the outcome once it has ended. */
  readonly end: (signal?: NodeJS.Signals) => Promise<Outcome>
  /** Once it has ended by itself. */
  readonly ended: () => Promise<Outcome>
}

/** Starts a program; it is killed when the test is over, if it is still there. */
export function launch(words: readonly string[], { cwd, env }: RunOptions = {}): Running {
  const [command = '', ...args] = words
  const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] })
  const text = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk: string) => (text[name] += chunk))
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...text }))
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return {
    pid: child.pid ?? 0,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    end: (signal = 'SIGINT') => {
      child.kill(signal)
      return ended
    },
    ended: () => ended,
  }
}
