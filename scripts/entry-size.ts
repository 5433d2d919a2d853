import { posix } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseSync } from 'oxc-parser';

export interface EntryFile {
  /** In the folder of the built pages. */
  readonly path: string;
  readonly gzipBytes: number;
}

export interface EntrySize {
  /** Largest first. */
  readonly files: readonly EntryFile[];
  readonly scriptBytes: number;
  readonly styleBytes: number;
}

/**
 * What a browser must have before the page is drawn: the scripts and styles that index.html names, and all that these scripts import
 * statically, each as gzip makes it.
 * @throws when index.html starts with no script: then it is not the built page
 */
export function measureEntry(read: (path: string) => Buffer): EntrySize {
  const html = read('index.html').toString();
  const named = (pattern: RegExp) => [...html.matchAll(pattern)].map(([, path]) => path!.replace(/^\//, ''));
  const entries = named(/<script[^>]+src="([^"]+)"/g);
  if (entries.length === 0) throw new Error('index.html starts with no script: build the pages with npm run build.');

  const scripts = new Set<string>();
  const follow = (path: string): void => {
    if (scripts.has(path)) return;
    scripts.add(path);
    for (const imported of importsOf(path, read(path).toString())) follow(imported);
  };
  for (const path of [...entries, ...named(/<link[^>]+modulepreload[^>]+href="([^"]+)"/g)]) follow(path);
  const weigh = (path: string): EntryFile => ({ path, gzipBytes: gzipSync(read(path), { level: 9 }).length });
  const files = [...scripts].map(weigh).sort((a, b) => b.gzipBytes - a.gzipBytes);
  const styles = named(/<link[^>]+stylesheet[^>]+href="([^"]+)"/g).map(weigh);
  const sum = (list: readonly EntryFile[]) => list.reduce((bytes, { gzipBytes }) => bytes + gzipBytes, 0);
  return { files: [...files, ...styles], scriptBytes: sum(files), styleBytes: sum(styles) };
}

function importsOf(path: string, code: string): string[] {
  return parseSync(path, code).module.staticImports.map(({ moduleRequest }) =>
    posix.join(posix.dirname(path), moduleRequest.value),
  );
}
