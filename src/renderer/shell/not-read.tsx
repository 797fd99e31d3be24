import { asKeelanError } from '../state/actions.tsx'
import { useConnection } from '../state/fleet.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

interface Props {
  readonly error: Error | null
  readonly retry: () => Promise<unknown>
}

/** In place of what is not read yet: why not, in the helper's own words, and another try. Of what only takes its moment nothing is said. */
export function NotRead({ error, retry }: Props) {
  const isAway = useConnection() === 'away'
  if (isAway) return <EmptyState title="Not known yet">It is shown as soon as the helper is there.</EmptyState>
  if (!error) return null
  const { message, wayOut } = asKeelanError(error)
  return (
    <EmptyState title="This could not be read" actions={<Button onPress={() => void retry()}>Try again</Button>}>
      {message}. {wayOut}
    </EmptyState>
  )
}
