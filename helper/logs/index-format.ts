import { fstatSync, readSync } from 'node:fs'

// The bytes of `<log>.times`, little-endian, of fixed sizes so that a record is found by its number alone:
//   header  magic "KLTM", format u16, checksum u16, generation u32, 0 u32, inode of the log u64, 0 u64
//   record  offset u48, time in ms u48, flags u16, checksum u16
// A record says: at this time the log was `offset` bytes long.
const MAGIC = Buffer.from('KLTM')
const FORMAT = 1
const AWAY = 1
// Makes the checksum of a record of zeros, which a power cut leaves behind, a wrong one.
const CHECK_SEED = 0x4b4c
export const HEADER_BYTES = 32
export const RECORD_BYTES = 16

export interface IndexHeader {
  generation: number
  inode: number
}

export interface IndexRecord {
  /** Length of the log in bytes. */
  offset: number
  timeMs: number
  /** Nobody was looking when it grew to this: the time is an upper bound only. */
  away: boolean
}

export function encodeHeader({ generation, inode }: IndexHeader): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES)
  MAGIC.copy(bytes)
  bytes.writeUInt16LE(FORMAT, 4)
  bytes.writeUInt32LE(generation, 8)
  bytes.writeBigUInt64LE(BigInt(inode), 16)
  bytes.writeUInt16LE(checksum(bytes, 0, HEADER_BYTES, 6), 6)
  return bytes
}

/** `undefined` for bytes that are not a whole header of this format. */
export function decodeHeader(bytes: Buffer): IndexHeader | undefined {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, 4).equals(MAGIC) || bytes.readUInt16LE(4) !== FORMAT) {
    return undefined
  }
  if (bytes.readUInt16LE(6) !== checksum(bytes, 0, HEADER_BYTES, 6)) return undefined
  return { generation: bytes.readUInt32LE(8), inode: Number(bytes.readBigUInt64LE(16)) }
}

export function encodeRecord({ offset, timeMs, away }: IndexRecord): Buffer {
  const bytes = Buffer.alloc(RECORD_BYTES)
  bytes.writeUIntLE(offset, 0, 6)
  bytes.writeUIntLE(Math.max(0, Math.floor(timeMs)), 6, 6)
  bytes.writeUInt16LE(away ? AWAY : 0, 12)
  bytes.writeUInt16LE(checksum(bytes, 0, RECORD_BYTES, 14), 14)
  return bytes
}

/** The record that begins `at` bytes into `bytes`; `undefined` for one that is torn or was never written. */
export function decodeRecord(bytes: Buffer, at = 0): IndexRecord | undefined {
  if (bytes.length < at + RECORD_BYTES) return undefined
  if (bytes.readUInt16LE(at + 14) !== checksum(bytes, at, RECORD_BYTES, 14)) return undefined
  return {
    offset: bytes.readUIntLE(at, 6),
    timeMs: bytes.readUIntLE(at + 6, 6),
    away: (bytes.readUInt16LE(at + 12) & AWAY) !== 0,
  }
}

/** Reads up to `length` bytes at `position`; fewer at the end of the file. */
export function readAt(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  return bytes.subarray(0, readSync(fd, bytes, 0, length, position))
}

/** How many whole records the index has, sound or not. */
export function recordCount(fd: number): number {
  return Math.max(0, Math.floor((fstatSync(fd).size - HEADER_BYTES) / RECORD_BYTES))
}

/** Adds up 16-bit words, each turned round by its place, so that words that changed places are noticed too. */
function checksum(bytes: Buffer, at: number, length: number, except: number): number {
  let sum = CHECK_SEED
  for (let i = 0; i < length; i += 2) {
    if (i !== except) sum = (((sum << 1) | (sum >>> 15)) + bytes.readUInt16LE(at + i)) & 0xffff
  }
  return sum
}
