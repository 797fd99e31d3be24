import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['helper/**/*.test.ts', 'e2e/**/*.test.ts', 'src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
    globalSetup: './scripts/vitest-setup.mjs',
    reporters: ['default', './scripts/plain-line-reporter.mjs'],
    pool: 'forks',
    // Tests start real processes; more workers than this and they wait for each other rather than for what they test.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A forgotten `.only` fails the run instead of leaving out the rest in silence.
    allowOnly: false,
  },
})
