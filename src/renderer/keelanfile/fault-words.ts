import type { KeelanfileFault } from '../../../helper/api/keelanfile.ts'

/** As the command line says it: `line 4, column 11: ships.web.restart: must be …` */
export function faultInWords({ line, column, key, message }: KeelanfileFault): string {
  return `line ${line}, column ${column}: ${key === '' ? '' : `${key}: `}${message}`
}

/** `1 fault`, `3 faults` */
export const countedFaults = (count: number): string => `${count} fault${count === 1 ? '' : 's'}`
