import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { codeParts } from './build/code-parts.ts';
import { compressed } from './build/compressed.node.ts';
import { installable } from './build/installable.ts';
import { listed } from './build/listed.node.ts';

/** Where `vite dev` finds a coordinator. */
const COORDINATOR = 'http://127.0.0.1:8787';

const parts = codeParts();

export default defineConfig({
  plugins: [react(), tailwindcss(), parts.page, installable(), listed(), compressed()],
  worker: { format: 'es', plugins: parts.worker },
  // node-seal finds its .wasm beside itself, and would not once bundled beforehand.
  optimizeDeps: { exclude: ['node-seal'] },
  build: {
    // Older than what taking part needs, so that the page saying so can be shown there. `using` is lowered.
    target: 'es2022',
    cssTarget: ['chrome111', 'firefox128', 'safari16.4'],
    // Nothing inlined: the content security policy admits files of this origin only.
    assetsInlineLimit: 0,
    // The SEAL and TensorFlow.js chunks are large, and load only when somebody joins.
    chunkSizeWarningLimit: 1500,
  },
  server: {
    proxy: { '/api': COORDINATOR, '/socket.io': { target: COORDINATOR, ws: true } },
  },
});
