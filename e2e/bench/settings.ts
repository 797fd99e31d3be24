/** How much is measured. `--quick` shows that everything works, and gives a first idea. */
export interface Settings {
  readonly ships: number
  readonly rounds: number
  readonly repetitions: number
  readonly settleMs: number
  readonly idleSeconds: number
  readonly logLines: number
  /** How long the log page is watched. */
  readonly logSeconds: number
}

export const thorough: Settings = {
  ships: 100,
  rounds: 3,
  repetitions: 5,
  settleMs: 10_000,
  idleSeconds: 60,
  logLines: 2_000_000,
  logSeconds: 30,
}

export const quick: Settings = {
  ...thorough,
  rounds: 1,
  repetitions: 2,
  settleMs: 3_000,
  // One round of the helper’s sweep over all ships, which comes every 30 s.
  idleSeconds: 30,
  logLines: 500_000,
  logSeconds: 10,
}
