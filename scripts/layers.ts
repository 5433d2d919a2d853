// Fails when an import points the wrong way. The rules are data, in layering/arrows.ts.
import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { ROOT } from './command.ts';
import { LAYERS } from './layering/arrows.ts';
import { judgeLayers } from './layering/judgement.ts';

const patterns = LAYERS.map(({ folder }) => `${folder}/**/*.{ts,tsx,mjs}`);
const paths = globSync(patterns, { cwd: ROOT, exclude: ['**/node_modules/**', '**/dist/**'] }).sort();
const files = new Map(paths.map((path) => [path.split(sep).join('/'), readFileSync(join(ROOT, path), 'utf8')]));

const violations = judgeLayers(files);
for (const violation of violations) console.error(violation);
console.log(
  violations.length === 0
    ? `${files.size} files keep the layers.`
    : `${violations.length} broken rules in ${files.size} files.`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
