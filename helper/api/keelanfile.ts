import { z } from 'zod'
import { AbsolutePath, ShipDefinition } from './definition.ts'

/** What is wrong with a Keelanfile, and where. Lines and columns count from 1. */
export const KeelanfileFault = z.strictObject({
  line: z.number().int(),
  column: z.number().int(),
  /** `ships.web.restart`; empty for the file as a whole. */
  key: z.string(),
  message: z.string(),
})
export type KeelanfileFault = z.infer<typeof KeelanfileFault>

/** The ships of a Keelanfile, or everything that is wrong with it; it is taken whole or not at all. */
export const KeelanfileReading = z.strictObject({
  ships: z.array(ShipDefinition),
  faults: z.array(KeelanfileFault),
})
export type KeelanfileReading = z.infer<typeof KeelanfileReading>

/** A ship that a folder seems to hold, to be looked at and changed before it is deployed. */
export const Suggestion = z.strictObject({
  name: z.string(),
  command: z.union([z.string(), z.array(z.string())]),
  cwd: AbsolutePath,
  /** Where it comes from, in words: `script "start" in package.json`. */
  source: z.string(),
})
export type Suggestion = z.infer<typeof Suggestion>

/** What a folder or a file holds that could be deployed. */
export const Found = z.strictObject({
  folder: AbsolutePath,
  /** null: there is none. */
  keelanfile: z.strictObject({ path: AbsolutePath, text: z.string() }).nullable(),
  suggestions: z.array(Suggestion),
})
export type Found = z.infer<typeof Found>
