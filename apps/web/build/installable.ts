import type { Plugin, ResolvedConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { addDigests } from './precached.node.ts';

/** Large enough for SEAL, which is WebAssembly. */
const LARGEST_BYTES = 4_000_000;

/**
 * The manifest, and a service worker that keeps the whole page: whoever takes part goes on with the version they have, though another was
 * installed on the server meanwhile and its old files are gone. The page itself is asked of the server first at each navigation, and is
 * taken from here only when that cannot be reached; so nothing here ever decides by itself that a page is to be another.
 *
 * The functions of `runtimeCaching` run in the service worker: they may use nothing of this file.
 */
export function installable(): Plugin[] {
  let config: ResolvedConfig;
  const configured: Plugin = {
    name: 'sotto:installable',
    configResolved(resolved) {
      config = resolved;
    },
  };
  const installed = VitePWA({
    registerType: 'prompt',
    injectRegister: null,
    includeManifestIcons: false,
    manifest: {
      id: '/',
      name: 'Sotto',
      short_name: 'Sotto',
      description: 'Learn together without handing over data: federated learning in the browser.',
      lang: 'en',
      start_url: '/',
      scope: '/',
      display: 'standalone',
      background_color: '#f6f7f5',
      theme_color: '#0d6f6b',
      icons: [
        { src: '/icons/192.png', sizes: '192x192', type: 'image/png' },
        { src: '/icons/512.png', sizes: '512x512', type: 'image/png' },
        { src: '/icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
      ],
    },
    workbox: {
      globPatterns: ['**/*.{js,css,html,wasm,svg}'],
      // What no browser that can take part ever asks for.
      globIgnores: ['**/tfjs-backend-wasm-threaded-simd-*', '**/tfjs-backend-wasm-????????.wasm'],
      maximumFileSizeToCacheInBytes: LARGEST_BYTES,
      manifestTransforms: [async (entries) => ({ manifest: await addDigests(config, entries) })],
      inlineWorkboxRuntime: true,
      sourcemap: false,
      // A page that is open already is kept, too, at its first visit.
      clientsClaim: true,
      skipWaiting: false,
      // Neither “/” nor any other navigation is answered from here first.
      directoryIndex: null,
      navigateFallback: null,
      runtimeCaching: [
        {
          urlPattern: ({ request, sameOrigin, url }) =>
            sameOrigin && request.mode === 'navigate' && !/^\/(api|socket\.io)\//.test(url.pathname),
          handler: 'NetworkOnly',
          options: { precacheFallback: { fallbackURL: 'index.html' } },
        },
        {
          // Of another version than this worker's, kept by the next worker, which waits for the tabs of this one to be closed.
          urlPattern: ({ sameOrigin, url }) => sameOrigin && url.pathname.startsWith('/assets/'),
          handler: async ({ request }) => (await caches.match(request, { ignoreSearch: true })) ?? fetch(request),
        },
      ],
    },
  });
  return [configured, ...installed];
}
