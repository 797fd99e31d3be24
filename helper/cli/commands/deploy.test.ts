import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandOf } from './deploy.ts'
import { testFolder } from '../testing/test-folder.ts'

test('words are a command as they stand; one with blanks is a line for the shell, unless it is a file', () => {
  const folder = testFolder()
  writeFileSync(join(folder, 'my program'), '')
  expect(commandOf(['python3', '-m', 'x y'], folder)).toEqual(['python3', '-m', 'x y'])
  expect(commandOf(['server'], folder)).toEqual(['server'])
  expect(commandOf(['echo a; echo b'], folder)).toBe('echo a; echo b')
  expect(commandOf(['./my program'], folder)).toEqual(['./my program'])
})
