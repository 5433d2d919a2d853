import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { sha256Hex } from '@sotto/protocol/digest';
import { Hash } from '@sotto/protocol/ids';
import { z } from 'zod';
import { Failure, reasonOf } from '../failure.ts';
import { readJson, writeJson, writeWhole } from '../json-file.ts';
import { SimulatedRound } from './round.ts';
import { SimulationSettings } from './settings.ts';

const FILE = 'simulation.json';
const BLOBS = 'plain';

/** A simulation as it is kept in a folder, to look at and to go on with. */
export const KeptSimulation = z.strictObject({
  version: z.literal(1),
  settings: SimulationSettings,
  /** Null until it was evaluated. */
  initial: z.strictObject({ model: Hash, testAccuracy: z.number(), testLoss: z.number() }).nullable(),
  /** The coordinator's run, whose data lie in the same folder; null where nothing is sealed, and until it begins. */
  run: z.string().nullable(),
  /** What has been measured so far of opened sums; null where none was. */
  sumExact: z.boolean().nullable(),
  bytesPerParameter: z.number().nullable(),
  rounds: z.array(SimulatedRound).readonly(),
  /** In a plain simulation, files of the folder that the next round begins from, by their hashes. */
  blobs: z.array(Hash).readonly(),
});
export type KeptSimulation = z.infer<typeof KeptSimulation>;

/** @throws Failure when the folder holds no simulation */
export function readKept(folder: string): KeptSimulation {
  const path = join(folder, FILE);
  if (!existsSync(path))
    throw new Failure(`${folder} holds no simulation: there is no ${FILE}. Begin one with --keep.`);
  return readJson(path, 'a simulation that was kept', KeptSimulation);
}

/** @throws Failure when something is kept there already, or nothing can be */
export function expectEmpty(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    if (readdirSync(folder).length === 0) return;
  } catch (error) {
    throw new Failure(`${folder} cannot be used: ${reasonOf(error)}.`);
  }
  throw new Failure(
    existsSync(join(folder, FILE))
      ? `${folder} already holds a simulation. Go on with it by --resume ${folder}, or name another folder.`
      : `${folder} is not empty. Name a folder of its own.`,
  );
}

/**
 * Writes how far a simulation has come, whole or not at all: first the files that the next round begins from, then what names them, then
 * those that nothing names any more go.
 */
export function keep(
  folder: string,
  kept: Omit<KeptSimulation, 'blobs' | 'version'>,
  blobs: readonly Uint8Array[],
): void {
  const hashes = blobs.map((bytes) => sha256Hex(bytes));
  const place = join(folder, BLOBS);
  if (blobs.length > 0) mkdirSync(place, { recursive: true });
  for (const [i, bytes] of blobs.entries()) {
    const path = join(place, hashes[i]!);
    if (!existsSync(path)) writeWhole(path, bytes);
  }
  writeJson(join(folder, FILE), { version: 1, ...kept, blobs: hashes });
  if (existsSync(place))
    for (const name of readdirSync(place)) if (!hashes.includes(basename(name))) rmSync(join(place, name));
}

/** @throws Failure when the file is gone, or is another */
export function readBlob(folder: string, hash: string): Uint8Array<ArrayBuffer> {
  const path = join(folder, BLOBS, hash);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(readFileSync(path));
  } catch (error) {
    throw new Failure(`${path} cannot be read: ${reasonOf(error)}. The simulation cannot go on without it.`);
  }
  if (sha256Hex(bytes) !== hash) throw new Failure(`${path} is damaged. The simulation cannot go on from it.`);
  return bytes;
}
