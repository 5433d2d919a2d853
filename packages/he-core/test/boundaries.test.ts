import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkMatrix } from '../src/check.ts';
import { openCrs } from '../src/crs.ts';
import { InvariantError } from '../src/invariant-error.ts';
import { boxAad } from '../src/sealed-box.ts';

const SOURCE = new URL('../src/', import.meta.url);

/** Every module that importing `entry` loads, types aside: our files relative to src/, packages by name. */
function reach(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  const url = new URL(entry, SOURCE);
  const imports = readFileSync(url, 'utf8').matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)'/gm);
  for (const [, specifier] of imports) {
    if (!specifier!.startsWith('.')) seen.add(specifier!);
    else reach(new URL(specifier!, url).href.slice(SOURCE.href.length), seen);
  }
  return seen;
}

describe('what the coordinator may import', () => {
  test.each(['sum.ts', 'opening.ts', 'decrypt.ts', 'params.ts', 'codec.ts'])(
    '%s reaches nothing that encrypts, shares keys, seals or opens boxes',
    (entry) => {
      const reached = [...reach(entry)];
      const forbidden = /update|key-share|sealed-box|noise|uniform|member|worker/;
      expect(reached.filter((file) => forbidden.test(file))).toEqual([]);
    },
  );
});

describe('what a page imports', () => {
  test.each(['update.ts', 'member.ts', 'worker/service.ts'])('%s reaches no module of Node’s', (entry) => {
    expect([...reach(entry)].filter((file) => file.startsWith('node:'))).toEqual([]);
  });

  test('the walk sees what is there', () => {
    expect(reach('update.ts')).toContain('seal/product.ts');
    expect(reach('update.ts')).toContain('node-seal/allows');
    expect(reach('worker/service.ts')).toContain('comlink');
  });
});

test('only src/seal imports node-seal', () => {
  for (const entry of ['update.ts', 'sum.ts', 'decrypt.ts', 'worker/service.ts']) {
    for (const file of reach(entry)) {
      if (!file.endsWith('.ts') || file.startsWith('seal/')) continue;
      expect(readFileSync(new URL(file, SOURCE), 'utf8'), file).not.toContain('node-seal');
    }
  }
});

test('a box is bound to plan, device, place and ciphertext by the published string', () => {
  const file = new URL('../../../test-vectors/strings.json', import.meta.url);
  const vector: Record<string, string> = JSON.parse(readFileSync(file, 'utf8'));
  const bytes = (name: string) => Uint8Array.from(Buffer.from(vector[name]!, 'hex'));
  const aad = boxAad(bytes('planHash'), bytes('deviceId'), 3, bytes('ciphertextSha256'));
  expect(Buffer.from(aad).toString('hex')).toBe(vector.boxAadMember3);
});

test('a string to hash or bind is never built from ids of another length', async () => {
  const id = new Uint8Array(32);
  for (const wrong of [new Uint8Array(31), new Uint8Array(64), new Uint8Array()]) {
    expect(() => boxAad(wrong, id, 1, id)).toThrow(InvariantError);
    expect(() => boxAad(id, wrong, 1, id)).toThrow(InvariantError);
    expect(() => boxAad(id, id, 1, wrong)).toThrow(InvariantError);
    await expect(openCrs(wrong)).rejects.toThrow(InvariantError);
    await expect(checkMatrix(id, wrong)).rejects.toThrow(InvariantError);
  }
  for (const x of [-1, 0.5, 65_536]) expect(() => boxAad(id, id, x, id)).toThrow(InvariantError);
});
