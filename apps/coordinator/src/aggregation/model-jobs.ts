import { createHash } from 'node:crypto';
import { l2Norm } from '@sotto/fl-core/clip';
import { peaksOf } from '@sotto/fl-core/ranges';
import { combineMeans } from '@sotto/fl-core/robust';
import { advance } from '@sotto/fl-core/strategy/strategy';
import { decodeMeanFile, encodeMeanFile } from '@sotto/protocol/mean-file';
import { decodeModelFile, encodeModelFile } from '@sotto/protocol/model-file';
import { InvariantError, invariant, isRejection, type Rejection } from '@sotto/protocol/rejection';
import { sizeOf } from '@sotto/protocol/safetensors';
import { decodeStateFile, encodeStateFile } from '@sotto/protocol/state-file';
import type { Blobs } from '../blobs/blobs.ts';
import type { Engine } from './engine.ts';
import { meanBlob, modelBlob, stateBlob } from './upload-layout.ts';

/** What is done with means once they are open: from files to files, each called by its digest. */
export function createModelJobs(blobs: Blobs): Pick<Engine, 'combine' | 'step'> {
  async function read<T>(name: string, decode: (bytes: Uint8Array) => T | Rejection): Promise<T> {
    const bytes = await blobs.read(name);
    if (bytes === undefined) throw new InvariantError(`${name} is not among the blobs`);
    const decoded = decode(bytes);
    if (isRejection(decoded)) throw new InvariantError(`${name}: ${decoded.message}`);
    return decoded as T;
  }

  return {
    async combine({ means, weights, robust, clip }) {
      const [only, ...others] = means;
      if (only !== undefined && others.length === 0) return { mean: only };
      const opened = await Promise.all(means.map((hash) => read(meanBlob(hash), decodeMeanFile)));
      return { mean: await writeMean(blobs, combineMeans(opened, weights, robust, clip)) };
    },

    async step({ model, models, mean, strategy, state, clip }) {
      const before = await read(modelBlob(model), decodeModelFile);
      const { weights } = before;
      const delta = await read(meanBlob(mean), decodeMeanFile);
      invariant(
        delta.length === weights.length,
        `a mean of ${delta.length} values is none for ${weights.length} weights`,
      );
      const kept = state === null ? null : await read(stateBlob(state), decodeStateFile);
      const fits = [kept?.m, kept?.v].every((moment) => !moment || moment.length === weights.length);
      invariant(!kept || (kept.strategy === strategy.name && fits), `${state} is no state of ${strategy.name} here`);
      const made = advance({ strategy, weights, mean: delta, state: kept, clip });
      const after = encodeModelFile({ ...before, weights: made.weights });
      return {
        model: await writeNamed(blobs, (hash) => `${models}/${hash}`, after),
        state: made.state === null ? null : await writeNamed(blobs, stateBlob, encodeStateFile(made.state)),
        norm: l2Norm(delta),
        peaks: peaksOf(
          delta,
          before.tensors.map(({ shape }) => sizeOf(shape)),
        ),
      };
    },
  };
}

/** SHA-256 of the mean, now a blob. */
export function writeMean(blobs: Blobs, mean: Float64Array): Promise<string> {
  return writeNamed(blobs, meanBlob, encodeMeanFile(mean));
}

async function writeNamed(blobs: Blobs, nameOf: (hash: string) => string, bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256').update(bytes).digest('hex');
  await blobs.write(nameOf(hash), bytes);
  return hash;
}
