/** The passing of time, in ms. */
export interface Clock {
  now(): number
  /** Calls once after a delay; returns the way to call it off. */
  after(delayMs: number, call: () => void): () => void
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (delayMs, call) => {
    const timer = setTimeout(call, delayMs)
    return () => clearTimeout(timer)
  },
}

/** Does a thing as often as it is asked for, but with at least `gapMs` in between: at once, or else `gapMs` after the last time. */
export function throttle(gapMs: number, act: () => void, clock: Clock): { ask: () => void; end: () => void } {
  let lastAt = -Infinity
  let callOff: (() => void) | null = null
  const actWhenDue = (): void => {
    callOff = null
    const waitMs = lastAt + gapMs - clock.now()
    // Timers may go off a little early: then it is not due yet.
    if (waitMs > 0) callOff = clock.after(waitMs, actWhenDue)
    else {
      lastAt = clock.now()
      act()
    }
  }
  return {
    ask: () => {
      if (!callOff) actWhenDue()
    },
    /** What was asked for and has not been done yet is not done. */
    end: () => {
      callOff?.()
      callOff = null
    },
  }
}
