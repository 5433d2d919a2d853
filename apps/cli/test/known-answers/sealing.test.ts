import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { verifyKahe } from '../../src/known-answers/kahe.ts';
import { verifyShamir } from '../../src/known-answers/shamir.ts';
import { verifySignedSum } from '../../src/known-answers/signed-sum.ts';
import type { CaseResult } from '../../src/known-answers/vector-file.ts';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const files: [string, (vector: unknown) => Promise<CaseResult[]>, number][] = [
  ['kahe', verifyKahe, 5],
  ['shamir', verifyShamir, 4],
  ['signed-sum', verifySignedSum, 1],
];

function read(name: string): Json {
  return JSON.parse(readFileSync(new URL(`../../../../test-vectors/${name}.json`, import.meta.url), 'utf8'));
}

const failures = (results: CaseResult[]) => results.filter(({ ok }) => !ok);

describe.each(files)('%s.json', (name, verify, cases) => {
  test('is recomputed, value by value', async () => {
    const results = await verify(read(name));
    expect(failures(results)).toEqual([]);
    expect(results).toHaveLength(cases);
  });
});

/** Leaves that a recomputation starts from: changing one changes what is recomputed, so each needs a run of its own. */
const INPUTS =
  /^(seed|planHash|candidatesHash|profile|users|laneBits|lambda|cases\.\d+\.(profile|polyIndex|members|threshold|badDealer\.changed\.\w+))$/;

function* leaves(value: Json, path: string[] = []): Generator<string[]> {
  if (typeof value !== 'object' || value === null) yield path;
  else for (const [key, child] of Object.entries(value)) yield* leaves(child, [...path, key]);
}

function edit(root: Json, path: readonly string[], change: (parent: Record<string, Json>, key: string) => void): void {
  const parent = path.slice(0, -1).reduce((at, key) => (at as Record<string, Json>)[key]!, root);
  change(parent as Record<string, Json>, path.at(-1)!);
}

/** The same leaf with its last digit one higher (nine becomes zero). */
function changeDigit(parent: Record<string, Json>, key: string): void {
  const value = parent[key];
  const text = String(value).replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10));
  expect(text).not.toBe(String(value));
  parent[key] = typeof value === 'number' ? Number(text) : text;
}

/** How the differences name a leaf, within its case. */
const nameOf = (path: readonly string[]) =>
  (path[0] === 'cases' ? path.slice(2) : path).reduce((name, key) =>
    /^\d+$/.test(key) ? `${name}[${key}]` : `${name}.${key}`,
  );

describe.each(files)('%s.json, altered', (name, verify) => {
  const all = [...leaves(read(name))].filter(([key]) => key !== 'note');
  const inputs = all.filter((path) => INPUTS.test(path.join('.')));
  const outputs = all.filter((path) => !INPUTS.test(path.join('.')));

  test.each(inputs.map((path) => [path.join('.'), path]))('fails with a digit of %s changed', async (_, path) => {
    const file = read(name) as Record<string, Json>;
    edit(file, path, changeDigit);
    if (path[0] === 'cases') file.cases = [(file.cases as Json[])[Number(path[1])]!];
    else if (file.cases) file.cases = (file.cases as Json[]).slice(0, 1);
    expect(failures(await verify(file))).not.toEqual([]);
  });

  test('names every recomputed value of which a digit is changed', async () => {
    const file = read(name);
    for (const path of outputs) edit(file, path, changeDigit);
    const named = (await verify(file)).flatMap(({ differences }) => differences.map((line) => line.split(':')[0]));
    for (const path of outputs) {
      const seen = named.indexOf(nameOf(path));
      expect(seen, nameOf(path)).toBeGreaterThanOrEqual(0);
      named.splice(seen, 1);
    }
  });

  test('names every recomputed field that is missing, and every unknown one', async () => {
    const file = read(name);
    const fields = outputs.filter((path) => !/^\d+$/.test(path.at(-1)!));
    for (const path of fields) edit(file, path, (parent, key) => delete parent[key]);
    (file as Record<string, Json>).surprise = 1;
    const found = (await verify(file)).flatMap(({ differences }) => differences);
    for (const path of fields) expect(found).toContain(`${nameOf(path)}: missing`);
    expect(found).toContain('surprise: unknown field');
  });

  test('fails when a field to start from is missing or of another type', async () => {
    for (const path of inputs.filter((path) => path.length === 1)) {
      const missing = read(name);
      edit(missing, path, (parent, key) => delete parent[key]);
      const wrong = read(name);
      edit(wrong, path, (parent, key) => {
        parent[key] = [];
      });
      expect(failures(await verify(missing)), path[0]).not.toEqual([]);
      expect(failures(await verify(wrong)), path[0]).not.toEqual([]);
    }
  });

  test('fails when a list is one element short, empty, or the note speaks of another number', async () => {
    const short = read(name) as Record<string, Json>;
    const list = (short.sumKey ?? short.chiHead ?? (short.cases as { sumKey: Json[] }[])[0]!.sumKey) as Json[];
    list.pop();
    expect(failures(await verify(short))).not.toEqual([]);
    const note = read(name) as Record<string, Json>;
    note.note = `${note.note} 4097`;
    expect(failures(await verify(note))).not.toEqual([]);
    for (const nothing of [null, [], {}, 7]) expect(failures(await verify(nothing))).not.toEqual([]);
  });
});
