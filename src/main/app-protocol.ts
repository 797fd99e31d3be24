import { protocol, type Session } from 'electron'
import type { Log } from './app-log.ts'
import { servePage, type PageSource } from './pages.ts'
import { passOn } from './pass-on.ts'
import { origin } from './policy.ts'

/** To be called before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: 'app',
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ])
}

/** Serves `app://keelan/` to the windows of one session, and to no other: its pages, and the helper's API below `/v1/`. */
export function serveApp(session: Session, source: PageSource, socketPath: string, log: Log): void {
  session.protocol.handle('app', async (request) => {
    const url = new URL(request.url)
    if (`${url.protocol}//${url.host}` !== origin) return new Response('there is no such host\n', { status: 404 })
    if (url.pathname.startsWith('/v1/')) return await passOn(request, socketPath)
    return await servePage(request, source).catch((error: unknown) => {
      log('error', 'pages', String(error))
      return new Response('the page could not be read\n', { status: 500 })
    })
  })
}
