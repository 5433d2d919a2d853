import { DEFAULT_LIMITS } from '@sotto/coordinator/border/limits';
import { startCoordinator } from '@sotto/coordinator/main';
import { localTraining } from '@sotto/fl-core/strategy/local-training';
import { OPEN_PINS } from '@sotto/protocol/invite';
import { invariant } from '@sotto/protocol/rejection';
import { DEFAULT_DURATIONS, type PhaseDurations, type RoundOutcome, type RunSummary } from '@sotto/protocol/run';
import { Failure } from '../failure.ts';
import type { Progress } from '../progress.ts';
import { createStudyKey, signerOfStudy } from '../study-key.ts';
import { findTask } from '../task-data.ts';
import { saveTranscripts } from '../transcripts.ts';
import { poisonUpdate } from './attack.ts';
import { createCrowd } from './crowd.ts';
import { dealData } from './data.ts';
import { type Forecast, foresee, isHopelessFor, whyForsaken } from './forecast.ts';
import { createMeasurements } from './measurements.ts';
import { expectPossible } from './possible.ts';
import { rehearse } from './rehearsal.ts';
import { type RoundMeasures, type SimulatedRound, UNMEASURED, withoutRecord } from './round.ts';
import { attackersIn, populationOf, requestOf, type SimulationSettings } from './settings.ts';

export interface SealedOptions {
  /** Of the coordinator's data. */
  readonly folder: string;
  readonly tasksDir: string | null;
  /** Goes on with this run of the folder. */
  readonly resume: string | null;
  readonly progress: Progress;
  /** Told once there can be such a run, before anybody joins: from then on it can be gone on with. */
  readonly onReady: () => void;
  /** Told once the run goes, with what was there of it. */
  readonly onBegun: (run: RunSummary) => void;
  /** Told after each round, with the run as it is then and what of it was measured so far. */
  readonly onRound: (round: SimulatedRound, run: RunSummary, measured: Measured) => void;
  /** Once this resolves, the round under way is the last. */
  readonly stopped: Promise<void>;
}

export interface Measured {
  readonly parameters: number | null;
  readonly bytesPerParameter: number | null;
  readonly sumExact: boolean | null;
}

/**
 * The real protocol over loopback sockets: a coordinator and all participants in this process. A round waits for everybody that has not
 * dropped out, and who is chosen hangs on the order of the participants and the seed alone; keys and noise aside, nothing else is drawn. As
 * sums are exact, the same seed gives the same models bit for bit.
 */
export async function simulateSealed(
  settings: SimulationSettings,
  { folder, tasksDir, resume, progress, onReady, onBegun, onRound, stopped }: SealedOptions,
): Promise<{ readonly run: RunSummary; readonly transcripts: string }> {
  const { task: name, participants, seed, attack } = settings;
  const population = populationOf(settings);
  const study = population.members > 0 ? createStudyKey() : null;
  const places = new Map<string, number>();
  await using endings = new AsyncDisposableStack();
  progress.show('starting', 0, 1);
  const measurements = createMeasurements();
  const coordinator = await startCoordinator(
    {
      dataDir: folder,
      databaseUrl: null,
      port: 0,
      host: '127.0.0.1',
      publicUrl: null,
      tls: null,
      tasksDir,
      studyKey: study?.publicKey ?? null,
      trustedProxies: [],
      unlimited: ['loopback'],
      limits: DEFAULT_LIMITS,
      diskQuota: null,
      openId: null,
      metricsToken: null,
      mlflow: null,
      drainMs: 1000,
      log: 'silent',
    },
    {
      onOpened: measurements.opened,
      // A round begins when all are there, and never with some.
      arrange: (present) =>
        present.length < participants
          ? []
          : present.toSorted((a, b) => (places.get(a.device) ?? 0) - (places.get(b.device) ?? 0)),
    },
  );
  endings.defer(() => coordinator.close());
  const task = findTask(coordinator.tasks, name);
  await expectPossible(settings, task);
  onReady();
  progress.show('the participants join', 0, 1);
  // One that was ended in the moment in which its run began does not know it.
  const known = resume ?? coordinator.runs.latest(name)?.run ?? null;

  const { promise: forsaken, reject: forsake } = Promise.withResolvers<never>();
  forsaken.catch(() => {});
  let foreseen: Forecast | null = null;
  /** Its run is the task's latest: nobody else makes one here. */
  const forecast = (round: number): Forecast => {
    if (foreseen?.round === round) return foreseen;
    const run = coordinator.runs.latest(name);
    invariant(run, 'there is a run by the time that somebody learns');
    foreseen = foresee(run.config, population, round);
    const why = whyForsaken(run.config, population, round);
    if (why !== null) forsake(new Failure(why));
    return foreseen;
  };
  const attackers = attackersIn(settings);
  const crowd = await createCrowd({
    url: coordinator.localUrl,
    task: name,
    pins: { ...OPEN_PINS, coordinator: coordinator.coordinatorKey, studyKey: study?.publicKey ?? null },
    datasets: dealData(task, settings),
    seed,
    measurements,
    ...(study && { named: { study: await signerOfStudy(study), members: population.members } }),
    dropOut: (participant, round) => forecast(round).dropOut(participant),
    // Attackers may be caught by their own devices, and then there are fewer than foreseen.
    isHopeless: (participant, round) => attack !== null || isHopelessFor(forecast(round), participant),
    ...(attack && {
      poison: (participant, learned, own) =>
        attackers.has(participant) ? poisonUpdate(learned, attack, own) : learned,
    }),
  });
  endings.defer(() => crowd.close());
  for (const [place, device] of crowd.devices.entries()) places.set(device, place);

  const measure = (outcome: RoundOutcome): RoundMeasures => {
    const caught = crowd.caughtIn(outcome.round);
    if (outcome.kind === 'abandoned') return { ...UNMEASURED, ...caught };
    const { sealMs, uploadBytes, openMs } = measurements.published(outcome, crowd.sentBy);
    return { ...caught, sealMs, uploadBytes, openMs };
  };
  const rehearsed = rehearse(coordinator, crowd, {
    run: known === null ? { ...requestOf(settings), durations: durationsFor(participants) } : { resume: known },
    progress,
    stopped,
    onBegun,
    onRound(outcome, run) {
      const turn = run.rounds.filter(({ kind }) => kind === 'published').length + 1;
      const { learningRate } = localTraining(task.manifest.training, run.config, turn).optimizer;
      const round = withoutRecord(outcome, measure(outcome), learningRate);
      measurements.over();
      onRound(round, run, measurements.result(name));
    },
  });
  const run = await Promise.race([rehearsed, forsaken]);
  return { run, transcripts: await saveTranscripts(coordinator, run, folder) };
}

/**
 * Learning has no deadline to speak of: participants wait for one another's turn at the workers, and it would be a deadline for this
 * machine. The committee's has: when too few of it stayed, that is how long the round takes to be abandoned.
 */
function durationsFor(participants: number): PhaseDurations {
  const checkMs = 30_000 + 50 * participants;
  return { ...DEFAULT_DURATIONS, uploadMs: 12 * 3_600_000, checkMs, returnMs: 500 };
}
