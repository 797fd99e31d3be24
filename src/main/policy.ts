/** What pages are served from, and the origin of the window. */
export const origin = 'app://keelan'

/** Where pages come from while they are being worked on: the address of Vite's server, on this machine. */
export type DevServer = string

/**
 * The content security policy of the window's page. `nonce` marks the styles that it makes itself. While pages are being
 * worked on, Vite needs more: scripts of its own inside the page, and a socket to be told of changes.
 */
export function contentSecurityPolicy(nonce: string, devServer?: DevServer): string {
  const socket = devServer?.replace(/^http/, 'ws')
  const directives = {
    'default-src': "'none'",
    'script-src': devServer ? `'self' 'nonce-${nonce}'` : "'self'",
    'style-src': `'self' 'nonce-${nonce}'`,
    'img-src': "'self' data:",
    'font-src': "'self'",
    'connect-src': devServer ? `'self' ${devServer} ${socket}` : "'self'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    'base-uri': "'none'",
    ...(!devServer && { 'require-trusted-types-for': "'script'", 'trusted-types': "'none'" }),
  }
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ')
}

/** Headers of everything that the window is given. */
export const safetyHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-cache',
} as const

/** The policy of whatever is no page: nothing in it does anything. */
export const inertPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'"
