import { lazy, Suspense, useEffect } from 'react'
import { Redirect, Route, Router, Switch } from 'wouter'
import { Confirmation } from './state/actions.tsx'
import { go, useHashLocation, useHashSearch } from './state/location.ts'
import { useTheme } from './state/theme.ts'
import styles from './app.module.css'
import { DropTarget } from './shell/drop-target.tsx'
import { HelperBanner } from './shell/helper-banner.tsx'
import { PageFault } from './shell/page-fault.tsx'
import { ShortcutHelp } from './shell/shortcut-help.tsx'
import { Sidebar } from './shell/sidebar.tsx'
import { ShipsPage } from './ships/ships-page.tsx'
import { Toasts } from './ui/toast.tsx'

const ShipPage = lazy(async () => ({ default: (await import('./ship/ship-page.tsx')).ShipPage }))
const DeployPage = lazy(async () => ({ default: (await import('./deploy/deploy-page.tsx')).DeployPage }))
const HelperPage = lazy(async () => ({ default: (await import('./helper/helper-page.tsx')).HelperPage }))
const SettingsPage = lazy(async () => ({ default: (await import('./settings/settings-page.tsx')).SettingsPage }))

/** The window: sidebar and page. What it mostly opens with is part of it; each other page is loaded when it is first shown. */
export function App() {
  useTheme()
  useEffect(() => window.keelan?.onGo(go), [])
  return (
    <Router hook={useHashLocation} searchHook={useHashSearch}>
      <Confirmation>
        <div className={styles['shell']}>
          <a className={styles['skip']} href="#main" onClick={skipToMain}>
            Skip to the page
          </a>
          <Sidebar />
          <main id="main" tabIndex={-1} className={styles['main']}>
            <HelperBanner />
            <PageFault>
              <Suspense fallback={null}>
                <Switch>
                  <Route path="/ships" component={ShipsPage} />
                  <Route path="/ships/:name/:tab?">
                    {({ name, tab }) => <ShipPage key={name} name={name} tab={tab} />}
                  </Route>
                  <Route path="/deploy" component={DeployPage} />
                  <Route path="/helper" component={HelperPage} />
                  <Route path="/settings" component={SettingsPage} />
                  <Route>
                    <Redirect to="/ships" replace />
                  </Route>
                </Switch>
              </Suspense>
            </PageFault>
          </main>
        </div>
        <DropTarget />
        <ShortcutHelp go={go} />
        <Toasts />
      </Confirmation>
    </Router>
  )
}

/** Without changing the hash, which says where the window is. */
function skipToMain(event: React.MouseEvent): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}
