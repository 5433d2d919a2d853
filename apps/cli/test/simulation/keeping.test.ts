import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '@sotto/protocol/digest';
import { expect, test } from 'vitest';
import { expectEmpty, type KeptSimulation, keep, readBlob, readKept } from '../../src/simulation/keeping.ts';
import { SimulationSettings } from '../../src/simulation/settings.ts';
import { temporaryFolder } from '../command.ts';

const settings = SimulationSettings.parse({
  task: 'numbers',
  participants: 5,
  seed: 1,
  seal: false,
  partition: { kind: 'dirichlet', alpha: 0.5 },
  drop: 0.1,
  attack: { kind: 'sign-flip', share: 0.2, factor: 3 },
  run: { rounds: 3, strategy: { name: 'FedAdam' } },
});
const blobs = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5)];
const kept: Omit<KeptSimulation, 'version' | 'blobs'> = {
  settings,
  initial: { model: sha256Hex(blobs[0]!), testAccuracy: 0.1, testLoss: 2 },
  run: null,
  sumExact: null,
  bytesPerParameter: 1.6,
  rounds: [{ kind: 'abandoned', round: 1, reason: 'too_few_updates', caught: 2, tooLong: 0 }],
};

test('what is kept is read again, with the files that the next round begins from and no others', () => {
  using folder = temporaryFolder();
  keep(folder.path, kept, [Uint8Array.of(9)]);
  keep(folder.path, kept, blobs);
  const found = readKept(folder.path);
  expect(found).toEqual({ version: 1, ...kept, blobs: blobs.map(sha256Hex) });
  expect(found.blobs.map((hash) => readBlob(folder.path, hash))).toEqual(blobs);
  expect(readdirSync(join(folder.path, 'plain')).sort()).toEqual(blobs.map(sha256Hex).sort());
});

test('what was begun and has no run yet is gone on with, and so is what an earlier version kept', () => {
  using folder = temporaryFolder();
  keep(folder.path, { ...kept, initial: null, rounds: [] }, []);
  expect(readKept(folder.path)).toMatchObject({ settings, initial: null, run: null, rounds: [], blobs: [] });
  const old = {
    version: 1,
    ...kept,
    rounds: [{ kind: 'abandoned', round: 1, reason: 'paused', caught: 2 }],
    blobs: [],
  };
  writeFileSync(join(folder.path, 'simulation.json'), JSON.stringify(old));
  expect(readKept(folder.path).rounds).toMatchObject([{ caught: 2, tooLong: 0 }]);
});

test('a file that is damaged or gone is not gone on from, and a folder that is used is not begun in', () => {
  using folder = temporaryFolder();
  expect(() => readKept(folder.path)).toThrow('Begin one with --keep');
  expectEmpty(join(folder.path, 'new'));
  keep(folder.path, kept, blobs);
  expect(() => expectEmpty(folder.path)).toThrow(`--resume ${folder.path}`);
  const [first, second] = blobs.map(sha256Hex) as [string, string];
  writeFileSync(join(folder.path, 'plain', first), Uint8Array.of(1, 2, 4));
  expect(() => readBlob(folder.path, first)).toThrow('is damaged');
  expect(readBlob(folder.path, second)).toEqual(blobs[1]);
  expect(() => readBlob(folder.path, sha256Hex(new Uint8Array()))).toThrow('cannot be read');
  writeFileSync(join(folder.path, 'simulation.json'), JSON.stringify({ version: 2 }));
  expect(() => readKept(folder.path)).toThrow('is not a simulation that was kept');
});
