import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { guides } from './scripts/guides.ts';

const api = process.env['PULSE_API'] ?? 'http://127.0.0.1:8000';

/** Lets the page fetch the latin font along with its scripts, before any style asks for it. */
const preloadedFont: Plugin = {
  name: 'preloaded-font',
  apply: 'build',
  transformIndexHtml: (_html, { bundle, path }) =>
    Object.keys(bundle ?? {})
      .filter(
        (file) => path === '/index.html' && /ibm-plex-sans-latin-wght-normal.*\.woff2$/.test(file),
      )
      .map((file) => ({
        tag: 'link',
        attrs: {
          rel: 'preload',
          as: 'font',
          type: 'font/woff2',
          crossorigin: '',
          href: `/${file}`,
        },
        injectTo: 'head',
      })),
};

export default defineConfig({
  plugins: [react(), preloadedFont, guides(new URL('../docs/guides', import.meta.url).pathname)],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  server: {
    host: '127.0.0.1',
    port: 5173,
    strictPort: true,
    proxy: {
      '/api': { target: api, changeOrigin: false },
      '/health': { target: api, changeOrigin: false },
      '/openapi.json': { target: api, changeOrigin: false },
    },
  },
  build: {
    outDir: 'dist',
    manifest: true,
    // The wheel hands other people's work on, and so hands their licences on.
    license: { fileName: 'licences.txt' },
    target: 'es2022',
    rolldownOptions: { input: ['index.html', 'docs.html'] },
    // The page with the API's documentation is this large; scripts/budget.mjs watches the app.
    chunkSizeWarningLimit: 1_700,
  },
  test: {
    environment: 'happy-dom',
    setupFiles: ['src/testing/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}', 'scripts/*.test.ts'],
    css: { modules: { classNameStrategy: 'non-scoped' } },
    restoreMocks: true,
    testTimeout: 20_000,
  },
});
