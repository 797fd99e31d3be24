import { describe } from 'vitest'
import { lifeCases } from './life-cases.ts'

describe('a ship under its shim', () => lifeCases(() => ({})))
