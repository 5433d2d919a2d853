import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verifyKnownAnswers } from '../src/known-answers.ts';
import { sotto, temporaryFolder, VECTORS } from './command.ts';

const FILES = readdirSync(VECTORS);
const read = (name: string) => readFileSync(join(VECTORS, name), 'utf8');
const fails = async (text: string) => (await verifyKnownAnswers(text)).some(({ ok }) => !ok);

/** Digits tried of a file; known-answers/sealing.test.ts tries every value of those that take long to recompute. */
const SAMPLES: Readonly<Record<string, number>> = { 'lanes.json': 50, 'strings.json': 100, 'shamir.json': 12 };

/** nMax of a lanes case stands for many: λ follows from it, but not it from λ. */
const FREE = /"nMax": \d+/g;

/** Offsets of some digits, spread over the file. */
function digitsOf(text: string, count: number): number[] {
  const free = [...text.matchAll(FREE)].map(({ index, 0: found }) => [index, index + found.length] as const);
  const digits = [...text.matchAll(/\d/g)]
    .map(({ index }) => index)
    .filter((at) => !free.some(([from, to]) => at >= from && at < to));
  return Array.from({ length: count }, (_, i) => digits[Math.floor(((i + 0.5) * digits.length) / count)]!);
}

function changeDigit(text: string, at: number): string {
  return `${text.slice(0, at)}${(Number(text[at]) + 1) % 10}${text.slice(at + 1)}`;
}

describe.each(FILES)('%s', (name) => {
  test('agrees, whatever the file is called', async () => {
    const results = await verifyKnownAnswers(read(name));
    expect(results.flatMap(({ differences }) => differences)).toEqual([]);
    expect(results.length).toBeGreaterThan(0);
  });

  test('fails with one of its digits changed', async () => {
    const text = read(name);
    for (const at of digitsOf(text, SAMPLES[name] ?? 4))
      expect(await fails(changeDigit(text, at)), text.slice(Math.max(0, at - 30), at + 10)).toBe(true);
  });

  test('fails with a field missing, a field too many, or half the file', async () => {
    const text = read(name);
    const fields = Object.keys(JSON.parse(text) as object);
    for (const field of [fields[0]!, fields.at(-1)!]) {
      const vector = JSON.parse(text) as Record<string, unknown>;
      delete vector[field];
      expect(await fails(JSON.stringify(vector)), field).toBe(true);
    }
    expect(await fails(JSON.stringify({ ...JSON.parse(text), surprise: 1 }))).toBe(true);
    expect(await fails(text.slice(0, text.length / 2))).toBe(true);
  });
});

test('selftest passes on the shipped known answers, a line a case', async () => {
  const { code, stdout } = await sotto(['selftest']);
  expect(code).toBe(0);
  for (const name of FILES) expect(stdout).toContain(`ok    ${name}: `);
  expect(stdout).not.toContain('FAIL');
});

describe('selftest ends with another status than 0', () => {
  test('for a changed digit, saying what differs, while other files still pass', async () => {
    using folder = temporaryFolder();
    copyFileSync(join(VECTORS, 'lanes.json'), join(folder.path, 'renamed.json'));
    const strings = read('strings.json');
    writeFileSync(join(folder.path, 'strings.json'), changeDigit(strings, strings.indexOf('updateDigest') + 20));
    const { code, stdout, stderr } = await sotto(['selftest', '--vectors', folder.path]);
    expect(code).toBe(1);
    expect(stdout).toContain('ok    renamed.json: lanes');
    expect(stdout).toMatch(/FAIL {2}strings\.json: .*updateDigest/);
    expect(stderr).toMatch(/^sotto: 1 of \d+ cases .* differ/);
  });

  test('for a folder with the name of a file, in one line, while other files still pass', async () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, 'a.json'));
    copyFileSync(join(VECTORS, 'lanes.json'), join(folder.path, 'lanes.json'));
    const { code, stdout, stderr } = await sotto(['selftest', '--vectors', folder.path]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL {2}a\.json: file: it cannot be read: .*directory.*$/m);
    expect(stdout).toContain('ok    lanes.json: lanes');
    expect(stderr).toMatch(/^sotto: 1 of \d+ cases .*\n$/);
  });

  test('for an empty folder, a missing one, and a file of another kind', async () => {
    using folder = temporaryFolder();
    const empty = join(folder.path, 'empty');
    mkdirSync(empty);
    const strange = join(folder.path, 'strange');
    mkdirSync(strange);
    writeFileSync(join(strange, 'kahe.json'), '{"a": 1}');
    const readme = join(folder.path, 'readme');
    mkdirSync(readme);
    writeFileSync(join(readme, 'README.md'), 'hello');
    const outcomes = await Promise.all(
      [empty, join(folder.path, 'nowhere'), strange, readme].map((path) => sotto(['selftest', '--vectors', path])),
    );
    expect(outcomes.map(({ code }) => code)).toEqual([1, 1, 1, 1]);
    expect(outcomes[0]!.stderr).toContain('it is empty');
    expect(outcomes[1]!.stderr).toContain('cannot be read');
    expect(outcomes[2]!.stdout).toContain('FAIL  kahe.json: file: not a known-answer file');
    expect(outcomes[3]!.stderr).toContain('README.md is not a known-answer file');
  });
});
