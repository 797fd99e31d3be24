import { expect, test } from 'vitest'
import { readEnvLines } from './env-lines.ts'

test('pasted lines become variables; comments and blank lines are passed over', () => {
  expect(
    readEnvLines('# db\nPORT=8080\r\n\nexport URL=http://x/?a=b\nNAME="a \\"b\\"\\n"\nRAW=\'a\\n\'\nEMPTY='),
  ).toEqual({
    variables: [
      { name: 'PORT', value: '8080' },
      { name: 'URL', value: 'http://x/?a=b' },
      { name: 'NAME', value: 'a "b"\n' },
      { name: 'RAW', value: 'a\\n' },
      { name: 'EMPTY', value: '' },
    ],
    refused: [],
  })
})

test('a line that is no variable is named, not lost', () => {
  expect(readEnvLines('A=1\nhello there')).toEqual({ variables: [{ name: 'A', value: '1' }], refused: ['hello there'] })
})

test('a single word is pasted as it is', () => {
  expect(readEnvLines('PORT')).toBeNull()
  expect(readEnvLines('8080')).toBeNull()
})
