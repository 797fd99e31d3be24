import { defineConfig } from 'vite'

/** A sandboxed window loads its preload as one CommonJS file, with nothing to require but Electron. */
export default defineConfig({
  root: import.meta.dirname,
  build: {
    lib: { entry: 'preload.ts', formats: ['cjs'], fileName: () => 'preload.cjs' },
    outDir: '../../dist/src/preload',
    target: 'chrome130',
    rolldownOptions: { external: ['electron'] },
  },
})
