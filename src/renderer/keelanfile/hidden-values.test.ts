import { expect, test } from 'vitest'
import { definitionOf } from '../../../helper/api/testing/definition.ts'
import { withHiddenValues } from './hidden-values.ts'

test('hidden values come back, changed and new ones stay as typed', () => {
  const edited = definitionOf({ env: { TOKEN: '***', PORT: '81', NEW: 'x' } })
  const { definition, unknown } = withHiddenValues(edited, { TOKEN: 'secret', PORT: '80', GONE: 'y' })
  expect(definition.env).toEqual({ TOKEN: 'secret', PORT: '81', NEW: 'x' })
  expect(unknown).toEqual([])
})

test('a mask with no value behind it is named and never deployed as a value', () => {
  const edited = definitionOf({ env: { RENAMED: '***', constructor: '***' } })
  expect(withHiddenValues(edited, { TOKEN: 'secret' }).unknown).toEqual(['RENAMED', 'constructor'])
})
