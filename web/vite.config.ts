import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'

const root = fileURLToPath(new URL('.', import.meta.url))

/** How long plugins take is no warning. */
const quiet = { checks: { pluginTimings: false } } as const

/** What is sent to browsers; with `--ssr`, what a server makes pages with, in one file that needs nothing beside it. */
export default defineConfig(({ isSsrBuild }) => ({
  root,
  base: '/web/',
  plugins: [tailwindcss()],
  publicDir: false,
  logLevel: 'warn',
  build: {
    target: isSsrBuild ? 'node22' : 'es2024',
    // Nothing may be inline: the policy on content lets through files of this server alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: !isSsrBuild && 'vite.json',
    assetsDir: '.',
    emptyOutDir: false,
    rolldownOptions: isSsrBuild
      ? { ...quiet, input: `${root}/src/server/render.ts`, output: { entryFileNames: 'render.js' } }
      : { ...quiet, input: `${root}/src/badge/main.tsx` },
  },
  ssr: { noExternal: true },
  define: { 'process.env.NODE_ENV': JSON.stringify('production') },
}))
