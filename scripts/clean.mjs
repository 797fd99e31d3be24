// @ts-check
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run.mjs'

rmSync(join(root, 'dist'), { recursive: true, force: true })
