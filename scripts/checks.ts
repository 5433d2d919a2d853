import { join } from 'node:path';
import { ROOT, type Step, tool } from './command.ts';

/** Biome colours a pipe too when CI is set. */
const COLORS = process.stdout.isTTY ? [] : ['--colors=off'];

/** What is asked of the sources before anything runs. Each is one test. */
export const CHECKS: readonly Step[] = [
  { title: 'format and lint', command: tool('biome'), args: ['ci', '--error-on-warnings', ...COLORS, '.'] },
  { title: 'layers', command: process.execPath, args: [join(ROOT, 'scripts/layers.ts')] },
  { title: 'dead code', command: tool('knip'), args: ['--no-progress'] },
  { title: 'size of the page', command: process.execPath, args: [join(ROOT, 'scripts/entry-budget.ts')] },
  { title: 'types', command: tool('turbo'), args: ['run', 'typecheck', '--continue', '--output-logs=errors-only'] },
];
