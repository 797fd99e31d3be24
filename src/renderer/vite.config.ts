import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import type { Plugin } from 'vite'
import { routes } from '../../helper/api/routes.ts'

/** Of the contract's routes a page needs where they are; their schemas, and zod with them, would only delay its start. */
const placesOfRoutes: Plugin = {
  name: 'places-of-routes',
  load(id) {
    if (!id.endsWith('/helper/api/routes.ts')) return null
    const places = Object.entries(routes).map(([name, { method, path }]) => [name, { method, path }])
    return { code: `export const routes = ${JSON.stringify(Object.fromEntries(places))}`, moduleType: 'js' }
  },
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), placesOfRoutes],
  build: {
    outDir: '../../dist/src/renderer',
    emptyOutDir: true,
    // The oldest runtime that the app is run on: Chromium 130.
    target: 'chrome130',
    // The content security policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
