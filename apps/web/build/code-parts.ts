import type { Plugin } from 'vite';

/** The Workers that somebody waits for, by what they are for and where they begin. */
const WORKERS: Readonly<Record<string, RegExp>> = {
  learning: /\/learner\/src\/worker\/host\.browser\.ts$/,
  sealing: /\/participant\/src\/sealing\/host\.browser\.ts$/,
};

/** What a Worker imports only when it comes to that, by the module it asks for. */
const CHOICES: Readonly<Record<string, RegExp>> = {
  webgpu: /\/tfjs-backend-webgpu\//,
  webgl: /\/tfjs-backend-webgl\//,
  wasm: /\/learner\/src\/wasm\.ts$/,
  cpu: /\/tfjs-backend-cpu\//,
};

/** What they fetch besides; of the binaries of TF.js, the one that every browser takes that can take part. */
const BINARIES: Readonly<Record<string, RegExp>> = {
  sealing: /\/seal_allows-[^/]*\.wasm$/,
  wasm: /\/tfjs-backend-wasm-simd-[^/]*\.wasm$/,
};

const partOf = (parts: Readonly<Record<string, RegExp>>, id: string | null) =>
  Object.keys(parts).find((part) => id !== null && parts[part]!.test(id));

/**
 * Writes into the page which files its Workers load, and how many bytes each has: while a Worker loads it can tell nobody how far it is.
 * In the page and not in a file beside it, for a page goes with the files of its own version only.
 * @returns for the build of the page, and for those of its Workers
 */
export function codeParts(): { page: Plugin; worker: () => Plugin[] } {
  const parts: Record<string, ReadonlySet<string>> = {};
  const worker: Plugin = {
    name: 'sotto:code-parts-of-worker',
    generateBundle(_, bundle) {
      const withImports = (file: string, known: ReadonlySet<string> = new Set()): Set<string> => {
        const chunk = bundle[file];
        const now = new Set([...known, file]);
        if (known.has(file) || chunk?.type !== 'chunk') return now;
        return chunk.imports.reduce((all, next) => withImports(next, all), now);
      };
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        const part = partOf(chunk.isEntry ? WORKERS : CHOICES, chunk.facadeModuleId);
        if (part) parts[part] = withImports(chunk.fileName);
      }
    },
  };
  const page: Plugin = {
    name: 'sotto:code-parts',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle = {} }) {
        const sizes = Object.values(bundle).map(
          (file) => [file.fileName, Buffer.byteLength(file.type === 'chunk' ? file.code : file.source)] as const,
        );
        const shared = (name: string) => parts.learning?.has(name);
        const known = Object.fromEntries(
          [...Object.keys(WORKERS), ...Object.keys(CHOICES)].map((part) => {
            const files = sizes.filter(
              ([name]) => (parts[part]?.has(name) && !(part in CHOICES && shared(name))) || BINARIES[part]?.test(name),
            );
            if (files.length === 0) throw new Error(`No file was built for ${part}: see build/code-parts.ts.`);
            return [part, files];
          }),
        );
        const attrs = { type: 'application/json', id: 'code-parts' };
        return [{ tag: 'script', attrs, children: JSON.stringify(known), injectTo: 'body' }];
      },
    },
  };
  return { page, worker: () => [worker] };
}
