import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ResolvedConfig } from 'vite';

/**
 * What the service worker is to keep, each file with the digest of its bytes, also in what it is kept under: it takes nothing else for the
 * file (a login page of a hotel's network), and no earlier file of the same name.
 */
export function addDigests<E extends { readonly url: string }>({ root, build }: ResolvedConfig, entries: readonly E[]) {
  return Promise.all(
    entries.map(async (entry) => {
      const digest = createHash('sha256').update(await readFile(resolve(root, build.outDir, entry.url)));
      const base64 = digest.copy().digest('base64');
      return { ...entry, revision: digest.digest('hex').slice(0, 32), integrity: `sha256-${base64}` };
    }),
  );
}
