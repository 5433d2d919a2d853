import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const HASHED = /^(?<name>.+)-(?<hash>[\w-]{8})(?<ending>\.\w+)$/;

/**
 * The built pages as another version of them would be: everything is called differently, as files are named by their content, and nothing
 * is there under its old name.
 */
export function buildAnotherVersion(pages: string): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-pages-'));
  cpSync(pages, folder, { recursive: true });
  const assets = join(folder, 'assets');
  const names = readdirSync(assets).filter((name) => !/\.(br|gz)$/.test(name));
  const renamed = new Map<string, string>();
  for (const file of names) {
    const { name, hash, ending } = HASHED.exec(file)?.groups ?? {};
    if (hash !== undefined) renamed.set(file, `${name}-x${hash.slice(1)}${ending}`);
  }
  const rename = (text: string) => [...renamed].reduce((all, [old, other]) => all.replaceAll(old, other), text);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = join(folder, name);
    // The compressed ones are of the old names.
    if (/\.(br|gz)$/.test(name)) rmSync(file);
    else if (/\.(js|css|html|webmanifest)$/.test(name)) writeFileSync(file, rename(readFileSync(file, 'utf8')));
  }
  for (const [old, other] of renamed) renameSync(join(assets, old), join(assets, other));
  // What is not named by its content is told apart by it.
  const worker = join(folder, 'sw.js');
  writeFileSync(worker, readFileSync(worker, 'utf8').replaceAll(/revision:"([0-9a-f])/g, 'revision:"x$1'));
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}
