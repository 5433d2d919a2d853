import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { loadTask } from '@sotto/cli/simulation/data';
import { type KeptSimulation, keep, readBlob, readKept } from '@sotto/cli/simulation/keeping';
import type { PlainState } from '@sotto/cli/simulation/plain';
import { openPlainSimulation } from '@sotto/cli/simulation/plain-simulation';
import type { SimulatedRound } from '@sotto/cli/simulation/round';
import { sha256Hex } from '@sotto/protocol/digest';
import { type LearnedRun, type Run, sumUp, toFourDigits } from './run.ts';

/** The tasks of this benchmark. */
export const TASKS = join(import.meta.dirname, '../../tasks');

/** Data are read once a task, not once a run. */
const tasks = new Map<string, ReturnType<typeof loadTask>>();

export function taskOf(name: string): ReturnType<typeof loadTask> {
  const task = tasks.get(name) ?? loadTask(name, TASKS);
  tasks.set(name, task);
  return task;
}

/**
 * Plays a run to its target, or to its last round.
 * @param folder  keeps it after each round, so that hours are not lost: the next time it goes on from there. Null: nothing is kept.
 */
export async function learn(
  { name, settings, target }: Run,
  folder: string | null,
  onRound: (rounds: number, accuracy: number) => void,
): Promise<LearnedRun> {
  await using simulation = await openPlainSimulation(settings, taskOf(settings.task));
  const { initial, parameters } = simulation;
  let state = (folder !== null && keptOf(settings, folder)) || simulation.start;
  const { promise: reached, resolve: reach } = Promise.withResolvers<{ readonly note: null }>();
  const isReached = (round: SimulatedRound | undefined) =>
    target !== null && round?.kind === 'published' && round.testAccuracy >= target;
  if (isReached(state.rounds.at(-1))) reach({ note: null });
  const playing = simulation.play(async (round, now) => {
    state = now;
    const { rounds, bytesPerParameter, model, memory } = now;
    if (folder !== null)
      keep(
        folder,
        { settings, initial, run: null, sumExact: null, bytesPerParameter, rounds },
        memory ? [model, memory] : [model],
      );
    onRound(rounds.length, accuracyAfter(round) ?? Number.NaN);
    if (!isReached(round)) return;
    reach({ note: null });
    // The simulation waits for ever, and is disposed of.
    await new Promise(() => {});
  }, state);
  const { note } = await Promise.race([playing, reached]);
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
  const accuracies = state.rounds.map(accuracyAfter);
  return {
    name,
    settings,
    target,
    parameters,
    bytesPerParameter: state.bytesPerParameter,
    initial: initial.testAccuracy,
    accuracies,
    ...sumUp(initial.testAccuracy, accuracies, target),
    model: sha256Hex(state.model),
    note,
  };
}

function accuracyAfter(round: SimulatedRound): number | null {
  return round.kind === 'published' ? toFourDigits(round.testAccuracy) : null;
}

/** How far a run had come when it was interrupted; null when it was not, or was another one then. */
function keptOf(settings: Run['settings'], folder: string): PlainState | null {
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    return null;
  }
  const kept = readKeptIfWhole(folder);
  if (kept === null || !isDeepStrictEqual(kept.settings, settings)) {
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    return null;
  }
  const [model, memory] = kept.blobs.map((hash) => readBlob(folder, hash));
  return { model: model!, memory: memory ?? null, rounds: kept.rounds, bytesPerParameter: kept.bytesPerParameter };
}

function readKeptIfWhole(folder: string): KeptSimulation | null {
  try {
    return readKept(folder);
  } catch {
    return null;
  }
}
