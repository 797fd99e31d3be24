import { createContext, useCallback, useContext, useState } from 'react'
import type { ReactNode } from 'react'
import { KeelanError } from '../../../helper/api/errors.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { toast } from '../ui/toast.tsx'

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: KeelanError }

export interface Action<T> {
  /** While it is under way: `Stopping web…`. */
  readonly doing: string
  /** Once it is done: `Stopped web`; null: what changed on the page says it. */
  readonly done: string | null | ((value: T) => string | null)
  /** When it could not be done: `web was not stopped`. */
  readonly failed: string
  readonly work: () => Promise<T>
}

/** ms that an action may take before a message says that it is under way. */
const patienceMs = 400

/** What failed, as a KeelanError; anything else is a bug, and said to be one. */
export function asKeelanError(error: unknown): KeelanError {
  return error instanceof KeelanError ? error : new KeelanError('INTERNAL', wordsOf(error))
}

/** An error in lines: what happened, and the way out; the desktop's own errors have it in their words. */
export function errorLines(error: unknown): string[] {
  return error instanceof KeelanError ? [error.message, error.wayOut] : [wordsOf(error)]
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Does something and shows that it is under way and how it ended. Never throws. */
export async function act<T>({ doing, done, failed, work }: Action<T>): Promise<Outcome<T>> {
  let close = (): void => {}
  const timer = setTimeout(() => (close = toast({ kind: 'busy', title: doing })), patienceMs)
  try {
    const value = await work()
    const title = typeof done === 'function' ? done(value) : done
    if (title !== null) toast({ kind: 'done', title })
    return { ok: true, value }
  } catch (thrown) {
    toast({ kind: 'failed', title: failed, details: errorLines(thrown) })
    return { ok: false, error: asKeelanError(thrown) }
  } finally {
    clearTimeout(timer)
    close()
  }
}

/** `act`, and whether it is under way (`isBusy`), for the button that began it. */
export function useAction(): { readonly isBusy: boolean; readonly run: <T>(action: Action<T>) => Promise<Outcome<T>> } {
  const [underWay, setUnderWay] = useState(0)
  const run = useCallback(async <T,>(action: Action<T>): Promise<Outcome<T>> => {
    setUnderWay((count) => count + 1)
    try {
      return await act(action)
    } finally {
      setUnderWay((count) => count - 1)
    }
  }, [])
  return { isBusy: underWay > 0, run }
}

export interface Question {
  readonly title: string
  readonly text: ReactNode
  /** What the button that does it says: `Stop 3 ships`. */
  readonly action: string
  /** It takes something away: a key pressed once too often must not do it. */
  readonly danger?: boolean
}

type Ask = (question: Question) => Promise<boolean>

const AskContext = createContext<Ask>(() => Promise.resolve(false))

/** Asks the person before something is done; false: they would rather not. */
export function useConfirm(): Ask {
  return useContext(AskContext)
}

/** The dialog behind `useConfirm`; once, around the pages. */
export function Confirmation({ children }: { readonly children: ReactNode }) {
  const [asked, setAsked] = useState<{ question: Question; answer: (yes: boolean) => void; isOpen: boolean } | null>(
    null,
  )
  const ask = useCallback<Ask>((question) => new Promise((answer) => setAsked({ question, answer, isOpen: true })), [])
  const answer = (yes: boolean): void => {
    asked?.answer(yes)
    setAsked((before) => before && { ...before, isOpen: false })
  }
  const isDanger = asked?.question.danger ?? false
  return (
    <AskContext value={ask}>
      {children}
      <Dialog
        role="alertdialog"
        title={asked?.question.title ?? ''}
        isOpen={asked?.isOpen ?? false}
        onOpenChange={(isOpen) => !isOpen && answer(false)}
        actions={
          <>
            <Button autoFocus={isDanger} onPress={() => answer(false)}>
              Cancel
            </Button>
            <Button autoFocus={!isDanger} variant={isDanger ? 'danger' : 'primary'} onPress={() => answer(true)}>
              {asked?.question.action}
            </Button>
          </>
        }
      >
        {asked?.question.text}
      </Dialog>
    </AskContext>
  )
}
