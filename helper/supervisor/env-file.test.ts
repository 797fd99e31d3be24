import { expect, test } from 'vitest'
import { parseEnvFile } from './env-file.ts'

test.each([
  ['A=1\n\n# a comment\n  B = two words  \nexport C=3\r\n', { A: '1', B: 'two words', C: '3' }],
  ['URL=http://x/a#b\nNOTE=a # b\nEMPTY=\nHASH=#x', { URL: 'http://x/a#b', NOTE: 'a', EMPTY: '', HASH: '' }],
  [`S='it # is $so'\nD="a\\n\\"b\\" \\\\ c" # why`, { S: 'it # is $so', D: 'a\n"b" \\ c' }],
  ['KEY="-----BEGIN\nabc\n-----END"\nNEXT=1', { KEY: '-----BEGIN\nabc\n-----END', NEXT: '1' }],
  [`JSON={"a":"b"}`, { JSON: '{"a":"b"}' }],
  ['\uFEFFA=1\nlower.case-name=2', { A: '1', 'lower.case-name': '2' }],
])('reads %j', (text, expected) => {
  expect(parseEnvFile(text)).toEqual(expected)
})

test.each([
  ['A=1\nPASSWORD s3cret\nB=2', 'line 2: must be NAME=VALUE, a comment or empty'],
  ['=x', 'line 1: must be NAME=VALUE, a comment or empty'],
  ['C: 3', 'line 1: must be NAME=VALUE, a comment or empty'],
  ['1X=5', 'line 1: must be NAME=VALUE, a comment or empty'],
  ['A=1\nU="never\nends', 'line 2: the quote that begins here (") never ends'],
  ['A=1\nB="1\0log=/etc/x"', 'line 2: must not hold a NUL byte'],
  [`A='b'c`, "line 1: only a comment may stand after the closing '"],
])('refuses %j by its line', (text, message) => {
  expect(() => parseEnvFile(text)).toThrow(message)
})
