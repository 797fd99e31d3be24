import { asKeelanError } from '../state/actions.tsx'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

/** Something that could not be read: the helper's own words, the way out, and another try. */
export function QueryFault({ error, retry }: { readonly error: Error; readonly retry: () => Promise<unknown> }) {
  const { message, wayOut } = asKeelanError(error)
  return (
    <EmptyState title="This could not be read" actions={<Button onPress={() => void retry()}>Try again</Button>}>
      {message}. {wayOut}
    </EmptyState>
  )
}
