import { Component } from 'react'
import type { ReactNode } from 'react'
import { errorLines } from '../state/actions.tsx'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

interface State {
  readonly error: unknown
}

/** Shows what went wrong instead of a page that could not be drawn; the rest of the window goes on. */
export class PageFault extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null }

  static getDerivedStateFromError(error: unknown): State {
    return { error }
  }

  override componentDidMount(): void {
    addEventListener('hashchange', this.#forget)
  }

  override componentWillUnmount(): void {
    removeEventListener('hashchange', this.#forget)
  }

  readonly #forget = (): void => {
    if (this.state.error !== null) this.setState({ error: null })
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children
    return (
      <EmptyState
        title="This page could not be shown"
        actions={
          <Button variant="primary" onPress={() => location.reload()}>
            Load the window again
          </Button>
        }
      >
        {errorLines(this.state.error).join(' ')}
      </EmptyState>
    )
  }
}
