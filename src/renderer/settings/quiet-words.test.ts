import { expect, test } from 'vitest'
import { quietFault, quietWords } from './quiet-words.ts'

test('quiet hours that go over midnight end on the next day', () => {
  expect(quietWords({ from: '22:00', to: '07:00' })).toBe(
    'Nothing is shown from 22:00 to 07:00 of the next day; what failed meanwhile is told at 07:00, in one notification.',
  )
  expect(quietWords({ from: '12:00', to: '13:30' })).toContain('from 12:00 to 13:30; what')
})

test('half a pair of times, or the same one twice, is not saved', () => {
  expect(quietFault({ from: '', to: '07:00' })).toContain('Both times')
  expect(quietFault({ from: '07:00', to: '07:00' })).toContain('same time')
  expect(quietFault({ from: '22:00', to: '07:00' })).toBeNull()
})
