import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Plugin } from 'vite';

/** What the page is made of. The rest (service worker, manifest of the installed page, icons) does not take part. */
const CODE = /^(index\.html|assets\/.*\.(js|css|wasm))$/;

/** Writes build.json beside the pages: SHA-256 of each file they are made of, so that two people can compare what they were served. */
export function listed(): Plugin {
  let folder = '';
  let root = '';
  return {
    name: 'sotto:listed',
    apply: 'build',
    configResolved(config) {
      root = config.root;
      folder = isAbsolute(config.build.outDir) ? config.build.outDir : join(root, config.build.outDir);
    },
    closeBundle: {
      sequential: true,
      async handler() {
        const names = (await readdir(folder, { recursive: true })).map((name) => name.replaceAll('\\', '/'));
        const files: Record<string, string> = {};
        for (const name of names.filter((each) => CODE.test(each)).sort())
          files[name] = createHash('sha256')
            .update(await readFile(join(folder, name)))
            .digest('hex');
        const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
        await writeFile(join(folder, 'build.json'), JSON.stringify({ version, commit: commitOf(root), files }));
      },
    },
  };
}

/** Of the source, where it is a Git checkout without changes of its own. */
function commitOf(root: string): string | null {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return git('status', '--porcelain', '--untracked-files=no') === '' ? git('rev-parse', '--short=12', 'HEAD') : null;
  } catch {
    return null;
  }
}
