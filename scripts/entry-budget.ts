// Holds the built pages to what a first visit may cost: the scripts that must be there before anything is drawn.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { measureEntry } from './entry-size.ts';

const MOST_KB = 150;

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, '../apps/web/dist'));
const entry = measureEntry((path) => readFileSync(join(folder, path)));
const kb = (bytes: number) => `${(bytes / 1000).toFixed(1).padStart(7)} KB`;
for (const { path, gzipBytes } of entry.files) console.log(`${kb(gzipBytes)}  ${path}`);
console.log(
  `${kb(entry.scriptBytes)}  scripts, gzip, of at most ${MOST_KB} KB; styles: ${kb(entry.styleBytes).trim()}`,
);
if (entry.scriptBytes > MOST_KB * 1000) {
  console.error(
    `The page starts with more than ${MOST_KB} KB of scripts. Import what is not needed at once with import().`,
  );
  process.exitCode = 1;
}
