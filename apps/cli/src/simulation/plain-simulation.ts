import { availableParallelism } from 'node:os';
import type { Task } from '@sotto/coordinator/tasks/tasks';
import { createEvaluator } from '@sotto/learner/evaluate';
import { TrainingError } from '@sotto/learner/training-error';
import { startTrainer } from '@sotto/learner/worker/start.node';
import { sha256Hex } from '@sotto/protocol/digest';
import { poisonUpdate } from './attack.ts';
import { dealData } from './data.ts';
import { type PlainPorts, type PlainRun, type PlainState, type RunEnd, runPlain } from './plain.ts';
import { expectPossible } from './possible.ts';
import type { SimulatedRound } from './round.ts';
import { attackersIn, populationOf, type SimulationSettings } from './settings.ts';
import { createTrainingPool } from './training-pool.ts';

export interface PlainSimulation extends AsyncDisposable {
  readonly run: PlainRun;
  readonly parameters: number;
  readonly initial: { readonly model: string; readonly testAccuracy: number; readonly testLoss: number };
  /** The initial model, and no rounds. */
  readonly start: PlainState;
  /** Of the round under way, how many of how many updates are learned. */
  readonly learned: () => { readonly done: number; readonly of: number };
  /** Plays the rounds that are left. */
  play(onRound: (ended: SimulatedRound, state: PlainState) => Promise<void> | void, from?: PlainState): Promise<RunEnd>;
}

/** Many participants in one process, without sealing: one training worker a core, the data there once, one update at a time a worker. */
export async function openPlainSimulation(settings: SimulationSettings, task: Task): Promise<PlainSimulation> {
  await using opening = new AsyncDisposableStack();
  const { manifest, data } = task;
  const { model, parameters, config } = await expectPossible(settings, task);

  const datasets = dealData(task, settings);
  const attackers = attackersIn(settings);
  const workers = Array.from({ length: Math.min(availableParallelism(), datasets.length) }, () => startTrainer());
  const pool = createTrainingPool(workers, () => {});
  opening.defer(() => pool.dispose());
  const seat = pool.seat();
  const evaluator = createEvaluator();
  opening.defer(() => evaluator.dispose());
  // Backends differ in the last bits: all workers must use the same one.
  await Promise.all(workers.map((worker) => worker.prepare({ force: 'wasm' })));
  const held = data.test();
  let learned = { round: 0, done: 0, of: 0 };

  const ports: PlainPorts = {
    async learn({ round, participant, model, training, seed }) {
      if (learned.round !== round) learned = { round, done: 0, of: 0 };
      learned = { ...learned, of: learned.of + 1 };
      try {
        const result = await seat.train({ ...training, model, dataset: datasets[participant]!, seed });
        const { attack } = settings;
        return attack && attackers.has(participant) ? poisonUpdate(result, attack, seed) : result;
      } catch (error) {
        // As in the field: whose training diverges contributes nothing, and the others go on.
        if (error instanceof TrainingError && error.code === 'not_finite') return null;
        throw error;
      } finally {
        learned = { ...learned, done: learned.done + 1 };
      }
    },
    evaluate: (file) => evaluator.judge({ model: file, dataset: held }),
  };
  const { accuracy, loss } = await ports.evaluate(model);
  const initial = { model: sha256Hex(model), testAccuracy: accuracy, testLoss: loss };
  const run: PlainRun = { config, task: manifest, population: populationOf(settings), initial };
  const start: PlainState = { model, memory: null, rounds: [], bytesPerParameter: null };
  const endings = opening.move();
  return {
    run,
    parameters,
    initial,
    start,
    learned: () => learned,
    play: (onRound, from = start) => runPlain(run, ports, onRound, from),
    [Symbol.asyncDispose]: () => endings.disposeAsync(),
  };
}
