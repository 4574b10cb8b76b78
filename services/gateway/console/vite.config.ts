// How the console is built: one page under /console/, which the gateway serves with this folder's dist.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/console/',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2024',
    // The gateway's content security policy allows its own files only, so nothing is inlined as data.
    assetsInlineLimit: 0,
  },
});
