import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const HASHED = /^(?<name>.+)-(?<hash>[\w-]{8})(?<ending>\.\w+)$/;

/** Built pages that differ from others, in a folder of their own. */
export interface OtherPages {
  readonly folder: string;
  remove(): void;
}

/**
 * The built pages as another version of them would be: everything is called differently, as files are named by their content, and nothing
 * is there under its old name.
 */
export function buildAnotherVersion(pages: string): OtherPages {
  const other = copyPages(pages);
  const { folder } = other;
  const assets = join(folder, 'assets');
  const renamed = new Map<string, string>();
  for (const file of readdirSync(assets)) {
    const { name, hash, ending } = HASHED.exec(file)?.groups ?? {};
    if (hash !== undefined) renamed.set(file, `${name}-x${hash.slice(1)}${ending}`);
  }
  const rename = (text: string) => [...renamed].reduce((all, [old, other]) => all.replaceAll(old, other), text);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = join(folder, name);
    if (/\.(js|css|html|json|webmanifest)$/.test(name)) writeFileSync(file, rename(readFileSync(file, 'utf8')));
  }
  for (const [old, other] of renamed) renameSync(join(assets, old), join(assets, other));
  listAnew(folder);
  return other;
}

/**
 * The built pages with one file (`assets/…`) altered under the name it has. Listed as it is now, they are what a build would make that
 * names files wrongly; else, what comes of files that are damaged on their way.
 */
export function alterFile(pages: string, file: string, { listed }: { listed: boolean }): OtherPages {
  const other = copyPages(pages);
  const path = join(other.folder, file);
  writeFileSync(path, `${readFileSync(path, 'utf8')}\n/* altered */\n`);
  if (listed) listAnew(other.folder);
  return other;
}

function copyPages(pages: string): OtherPages {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-pages-'));
  // The compressed ones would go on being what they were.
  cpSync(pages, folder, { recursive: true, filter: (source) => !/\.(br|gz)$/.test(source) });
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** As the build lists them: by their digests, for people in build.json, and for the service worker in itself. */
function listAnew(folder: string): void {
  const digest = (file: string) => createHash('sha256').update(readFileSync(join(folder, file)));
  const build = join(folder, 'build.json');
  const listed = JSON.parse(readFileSync(build, 'utf8')) as { files: Record<string, string> };
  for (const file of Object.keys(listed.files)) listed.files[file] = digest(file).digest('hex');
  writeFileSync(build, JSON.stringify(listed));
  const worker = join(folder, 'sw.js');
  const text = readFileSync(worker, 'utf8').replaceAll(
    /\{url:"([^"]+)",revision:"[^"]+"(,integrity:"[^"]+")?\}/g,
    (_, file: string, integrity?: string) =>
      `{url:"${file}",revision:"${digest(file).digest('hex').slice(0, 32)}"${
        integrity === undefined ? '' : `,integrity:"sha256-${digest(file).digest('base64')}"`
      }}`,
  );
  writeFileSync(worker, text);
}
