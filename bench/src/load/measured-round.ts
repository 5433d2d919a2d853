import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeModelFile } from '@sotto/protocol/model-file';
import { isRejection } from '@sotto/protocol/rejection';
import type { CoordinatorFigures, CrowdOrder, FromCoordinator, FromCrowd, ToCoordinator } from './figures.ts';
import { startProcess } from './process.ts';
import { deltaOf, writeTask } from './task.ts';

export interface MeasuredRound extends CoordinatorFigures {
  readonly participants: number;
  readonly parameters: number;
  /** From the beginning of the run, with everybody connected, until everybody has the published transcript. */
  readonly wallMs: number;
  /** Bytes that one participant sent. */
  readonly uploadBytes: number;
}

/** Of the mean of all weights: a participant left out, or counted twice, moves it by a thousand times as much. */
const MOST_ERROR = 1e-7;

/** One round of so many live participants with a coordinator in a process of its own, and a new data folder. */
export async function measureRound(participants: number): Promise<MeasuredRound> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-load-'));
  await using endings = new AsyncDisposableStack();
  endings.defer(() => rm(folder, { recursive: true, force: true }));
  await writeTask(join(folder, 'tasks'));
  const coordinator = startProcess<ToCoordinator, FromCoordinator>('./coordinator.host.ts', [
    join(folder, 'data'),
    join(folder, 'tasks'),
  ]);
  endings.defer(() => coordinator.end());
  const { url } = await Promise.race([coordinator.hear('up'), coordinator.failed]);
  const crowds = shares(participants).map(({ first, count }) => {
    const order: CrowdOrder = { url, first, count };
    const crowd = startProcess<never, FromCrowd>('./crowd.host.ts', [JSON.stringify(order)]);
    endings.defer(() => crowd.end());
    return crowd;
  });
  const failures = [coordinator, ...crowds].map(({ failed }) => failed);
  const all = <T>(work: Promise<T>): Promise<T> => Promise.race([work, ...failures]);

  await all(Promise.all(crowds.map((crowd) => crowd.hear('joined'))));
  const began = performance.now();
  coordinator.say({ do: 'begin', participants });
  const { round, initial } = await all(coordinator.hear('published'));
  await all(Promise.all(crowds.map((crowd) => crowd.hear('told'))));
  const wallMs = Math.round(performance.now() - began);
  coordinator.say({ do: 'report' });
  const { figures } = await coordinator.hear('report');

  if (round.contributors !== participants)
    throw new Error(`${round.contributors} of ${participants} participants are in the sum.`);
  const before = await fetchWeights(url, initial);
  const after = await fetchWeights(url, round.model);
  const moved = mean(after) - mean(before);
  const expected = mean(Array.from({ length: participants }, (_, i) => deltaOf(i)));
  if (!(Math.abs(moved - expected) < MOST_ERROR))
    throw new Error(`The model moved by ${moved} instead of ${expected}: the sum is not that of the updates.`);
  return { participants, parameters: after.length, wallMs, uploadBytes: round.uploadBytes, ...figures };
}

/** Participants dealt to one process a core. */
function shares(participants: number): { readonly first: number; readonly count: number }[] {
  const processes = Math.min(participants, availableParallelism());
  const bounds = Array.from({ length: processes + 1 }, (_, i) => Math.round((i * participants) / processes));
  return bounds.slice(1).map((end, i) => ({ first: bounds[i]!, count: end - bounds[i]! }));
}

async function fetchWeights(url: string, hash: string): Promise<Float32Array> {
  const response = await fetch(new URL(`/api/models/${hash}`, url));
  const model = decodeModelFile(new Uint8Array(await response.arrayBuffer()));
  if (isRejection(model)) throw new Error(model.message);
  return model.weights;
}

function mean(values: Iterable<number>): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    sum += value;
    count += 1;
  }
  return sum / count;
}
