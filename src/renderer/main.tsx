import './styles/tokens.css'
import './styles/global.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { followFleet } from './state/fleet.ts'
import { followHelperState } from './state/helper-state.ts'
import { invalidateOnEvents, queries } from './state/query.ts'
import { applyRememberedTheme } from './state/theme.ts'

applyRememberedTheme()
invalidateOnEvents()
followFleet()
followHelperState()

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
)
