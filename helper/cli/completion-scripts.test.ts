import { spawnSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { completionScripts } from './completion-scripts.ts'
import { testFolder } from './testing/test-folder.ts'

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0

/** A folder with a `keelan` that answers with these lines and notes what it was asked, one word a line. */
function fakeKeelan(...lines: string[]): string {
  const folder = testFolder()
  const program = join(folder, 'keelan')
  writeFileSync(join(folder, 'answer'), lines.map((line) => `${line}\n`).join(''))
  writeFileSync(join(folder, 'a file.yml'), '')
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/asked'\ncat '${folder}/answer'\n`)
  chmodSync(program, 0o755)
  return folder
}

/** What bash makes of words typed so far: what was asked, and the candidates. */
function inBash(folder: string, words: string[]): { asked: string[]; candidates: string[]; errors: string } {
  const script = `
${completionScripts.bash}
${completionScripts.bash}
cd '${folder}'
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_keelan
cat asked
echo ---
[ \${#COMPREPLY[@]} -gt 0 ] && printf '%s\\n' "\${COMPREPLY[@]}"
complete -p keelan >/dev/null`
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script, 'bash', ...words], {
    env: { PATH: `${folder}:${process.env['PATH']}` },
    encoding: 'utf8',
  })
  const [asked = '', candidates = ''] = stdout.split('---\n')
  return {
    asked: asked.trimEnd().split('\n'),
    candidates: candidates.split('\n').filter((line) => line !== ''),
    errors: stderr,
  }
}

test.runIf(has('bash'))('bash asks with the words typed, and offers what comes back', () => {
  const folder = fakeKeelan('web\tship', 'web-2\tship')
  expect(inBash(folder, ['keelan', 'stop', 'w'])).toEqual({
    asked: ['__complete', '--', 'stop', 'w'],
    candidates: ['web', 'web-2'],
    errors: '',
  })
})

test.runIf(has('bash'))('bash runs nothing of what was typed', () => {
  const folder = fakeKeelan('web\t')
  const { asked, errors } = inBash(folder, ['keelan', 'stop', '$(touch run)', '`touch run`', '*', ''])
  expect(asked).toEqual(['__complete', '--', 'stop', '$(touch run)', '`touch run`', '*', ''].slice(0, -1))
  expect(errors).toBe('')
  expect(spawnSync('ls', [join(folder, 'run')]).status).not.toBe(0)
})

test.runIf(has('bash'))('bash offers files and commands where they belong', () => {
  expect(inBash(fakeKeelan(':files'), ['keelan', 'up', '-f', 'a']).candidates).toEqual(
    expect.arrayContaining(['a file.yml', 'answer']),
  )
  expect(inBash(fakeKeelan(':commands'), ['keelan', 'deploy', 'x', '--', 'prin']).candidates).toContain('printf')
  expect(inBash(fakeKeelan(), ['keelan', 'deploy', '']).candidates).toEqual([])
})

test.runIf(has('zsh'))('zsh reads its script', () => {
  const script = `compdef() { print -r -- "$1 for $2" }\n${completionScripts.zsh}`
  const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', script], { encoding: 'utf8' })
  expect([stdout, stderr]).toEqual(['_keelan for keelan\n', ''])
})

test.runIf(has('fish'))('fish offers what comes back', () => {
  const folder = fakeKeelan('web\tship', 'web-2\tship')
  const script = `${completionScripts.fish}\ncomplete --do-complete 'keelan stop w'`
  const { stdout } = spawnSync('fish', ['--no-config', '-c', script], {
    env: { PATH: `${folder}:${process.env['PATH']}`, HOME: folder },
    encoding: 'utf8',
  })
  expect(stdout.trim().split('\n')).toEqual(['web\tship', 'web-2\tship'])
})
