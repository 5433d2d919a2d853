import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bestModel } from '@sotto/coordinator/rounds/outcome';
import type { RunSummary } from '@sotto/protocol/run';
import { Failure } from '../failure.ts';
import type { Progress } from '../progress.ts';
import { untilToldToStop } from '../stop-signal.ts';
import { loadTask } from './data.ts';
import { isPublished, type SimulationResult } from './figures.ts';
import { type KeptSimulation, keep, readBlob } from './keeping.ts';
import type { PlainState } from './plain.ts';
import { openPlainSimulation } from './plain-simulation.ts';
import { type SimulatedRound, UNMEASURED, withoutRecord } from './round.ts';
import { type Measured, simulateSealed } from './sealed-simulation.ts';
import type { SimulationSettings } from './settings.ts';

export interface SimulationOptions {
  readonly settings: SimulationSettings;
  /** Keep everything in this folder; null: nothing. */
  readonly folder: string | null;
  /** What the folder holds already, to be gone on with. */
  readonly resumed: KeptSimulation | null;
  readonly tasksDir: string | null;
  readonly progress: Progress;
  readonly onRound: (round: SimulatedRound) => void;
}

export interface Simulated {
  readonly result: SimulationResult;
  /** All of them, those of earlier sittings too. */
  readonly rounds: readonly SimulatedRound[];
  /** Their folder, when they are kept. */
  readonly transcripts: string | null;
}

type Figures = Pick<
  SimulationResult,
  'config' | 'parameters' | 'bytesPerParameter' | 'sumExact' | 'initial' | 'finished' | 'note'
>;

/** How often a bar moves. */
const REFRESH_MS = 200;

const STOPPED = 'Stopped before the last round.';

/** Plays a simulation to its end, or until it is told to stop: then it says so in the result's note. */
export async function simulate(options: SimulationOptions): Promise<Simulated> {
  const { settings } = options;
  const played = await (settings.seal ? playSealed(options) : playPlain(options));
  const { rounds, figures, transcripts } = played;
  const published = rounds.filter(isPublished);
  const { task, participants, seed, partition, drop, attack } = settings;
  return {
    rounds,
    transcripts,
    result: {
      task,
      participants,
      seed,
      seal: settings.seal ? 'on' : 'off',
      partition,
      drop,
      attack,
      ...figures,
      best: bestModel(figures.initial, published),
      rounds: published.map(({ kind: _, ...round }) => round),
      abandoned: rounds.flatMap((round) =>
        round.kind === 'abandoned'
          ? { round: round.round, reason: round.reason, caught: round.caught, tooLong: round.tooLong }
          : [],
      ),
    },
  };
}

interface Played extends Pick<Simulated, 'rounds' | 'transcripts'> {
  readonly figures: Figures;
}

async function playPlain({
  settings,
  folder,
  resumed,
  tasksDir,
  progress,
  onRound,
}: SimulationOptions): Promise<Played> {
  progress.show('starting', 0, 1);
  await using simulation = await openPlainSimulation(settings, loadTask(settings.task, tasksDir));
  const { initial, start, parameters, run } = simulation;
  const from = resumed ? { ...resumed, ...blobsOf(resumed, folder!) } : start;
  let state = from;
  const save = () => {
    const { rounds, bytesPerParameter, model, memory } = state;
    if (folder !== null)
      keep(
        folder,
        { settings, initial, run: null, sumExact: null, bytesPerParameter, rounds },
        memory ? [model, memory] : [model],
      );
  };
  save();
  const timer = setInterval(() => {
    const { done, of } = simulation.learned();
    const published = state.rounds.filter(isPublished).length;
    const doing = done < of || of === 0 ? `${of} participants learn` : 'the new model is tested';
    progress.show(
      `round ${state.rounds.length + 1}, ${published} of ${run.config.rounds} published: ${doing}`,
      done,
      of,
    );
  }, REFRESH_MS).unref();
  const stopped = untilToldToStop().then(() => ({ finished: false, note: STOPPED }));
  try {
    const playing = simulation.play((round, now) => {
      state = now;
      save();
      progress.clear();
      onRound(round);
    }, from);
    // What is under way when it is told to stop is done again from its beginning.
    playing.catch(() => {});
    const end = await Promise.race([playing, stopped]);
    const { rounds, bytesPerParameter } = state;
    return {
      rounds,
      transcripts: null,
      figures: { config: run.config, parameters, bytesPerParameter, sumExact: null, initial, ...end },
    };
  } finally {
    clearInterval(timer);
    progress.clear();
  }
}

function blobsOf({ blobs }: KeptSimulation, folder: string): Pick<PlainState, 'model' | 'memory'> {
  const [model, memory] = blobs.map((hash) => readBlob(folder, hash));
  if (model === undefined) throw new Failure(`${folder} does not say which model the next round begins from.`);
  return { model, memory: memory ?? null };
}

async function playSealed(options: SimulationOptions): Promise<Played> {
  const { settings, folder, resumed, tasksDir, progress, onRound } = options;
  await using endings = new AsyncDisposableStack();
  const place = folder ?? mkdtempSync(join(tmpdir(), 'sotto-simulation-'));
  if (folder === null) endings.defer(() => rmSync(place, { recursive: true, force: true }));
  let stopping = false;
  const stopped = untilToldToStop().then(() => {
    stopping = true;
  });
  const rounds: SimulatedRound[] = [...(resumed?.rounds ?? [])];
  let measured: Measured = { parameters: null, bytesPerParameter: null, sumExact: null };
  const figures = () => ({
    bytesPerParameter: measured.bytesPerParameter ?? resumed?.bytesPerParameter ?? null,
    sumExact: bothExact(resumed?.sumExact ?? null, measured.sumExact),
  });
  const save = ({ run, initial }: RunSummary) => {
    if (folder !== null) keep(folder, { settings, initial, run, ...figures(), rounds }, []);
  };
  const { run, transcripts } = await simulateSealed(settings, {
    folder: place,
    tasksDir,
    resume: resumed?.run ?? null,
    progress,
    stopped,
    onReady() {
      if (folder !== null && resumed === null)
        keep(folder, { settings, initial: null, run: null, ...figures(), rounds }, []);
    },
    onBegun(run) {
      // A round may have ended in the moment before a simulation was killed.
      for (const outcome of run.rounds)
        if (!rounds.some(({ round }) => round === outcome.round)) rounds.push(withoutRecord(outcome, UNMEASURED));
      save(run);
    },
    onRound(round, run, now) {
      rounds.push(round);
      measured = now;
      save(run);
      onRound(round);
    },
  });
  const { config, initial, state, note } = run;
  const finished = state === 'finished';
  return {
    rounds,
    transcripts: folder === null ? null : transcripts,
    figures: {
      config,
      initial,
      parameters: measured.parameters,
      ...figures(),
      finished,
      note: stopping && !finished ? STOPPED : note,
    },
  };
}

function bothExact(before: boolean | null, now: boolean | null): boolean | null {
  if (before === null || now === null) return before ?? now;
  return before && now;
}
