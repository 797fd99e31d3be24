import { expect, test } from 'vitest'
import { quietUntilMs } from './quiet-hours.ts'

const at = (time: string, day = 22): number => new Date(`2026-11-${day}T${time}`).getTime()

test.each([
  ['by day, within', '12:30', { from: '12:00', to: '14:00' }, at('14:00')],
  ['by day, at the first moment', '12:00', { from: '12:00', to: '14:00' }, at('14:00')],
  ['by day, at the last', '13:59:59.999', { from: '12:00', to: '14:00' }, at('14:00')],
  ['by day, over', '14:00', { from: '12:00', to: '14:00' }, null],
  ['by day, before', '11:59', { from: '12:00', to: '14:00' }, null],
  ['over midnight, in the evening', '23:00', { from: '22:00', to: '07:00' }, at('07:00', 23)],
  ['over midnight, in the morning', '06:59', { from: '22:00', to: '07:00' }, at('07:00')],
  ['over midnight, over', '07:00', { from: '22:00', to: '07:00' }, null],
  ['until midnight', '23:00', { from: '22:00', to: '00:00' }, at('00:00', 23)],
  ['of no length', '22:00', { from: '22:00', to: '22:00' }, null],
  ['none', '22:00', null, null],
])('%s', (_, time, quietHours, expected) => {
  expect(quietUntilMs(quietHours, at(time))).toBe(expected)
})
