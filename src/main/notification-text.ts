/** The servers of Linux desktops take the body for markup. */
export function bodyFor(platform: NodeJS.Platform, body: string): string {
  if (platform !== 'linux') return body
  return body.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
