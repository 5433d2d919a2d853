import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '@sotto/coordinator/border/limits';
import { startCoordinator } from '@sotto/coordinator/main';
import { createRandom, mixSeed } from '@sotto/learner/random';
import { OPEN_PINS } from '@sotto/protocol/invite';
import { DEFAULT_DURATIONS, type PhaseDurations, type RoundOutcome, type RunSummary } from '@sotto/protocol/run';
import { createCrowd, type DropOut } from './crowd.ts';
import { Failure } from './failure.ts';
import { createMeasurements } from './measurements.ts';
import type { Progress } from './progress.ts';
import { rehearse } from './rehearsal.ts';
import type { RoundResult, RunResult } from './result.ts';
import { untilToldToStop } from './stop-signal.ts';
import { createStudyKey, signerOfStudy } from './study-key.ts';
import { dealTask } from './task-data.ts';
import { saveTranscripts } from './transcripts.ts';

export interface SimulationSettings {
  readonly task: string;
  readonly participants: number;
  /** Null: as many as the task says. */
  readonly rounds: number | null;
  readonly seed: number;
  readonly by: 'iid' | 'label';
  readonly committee: 'drawn' | 'named';
  /** Probability that a participant drops out of a round. */
  readonly drop: number;
  readonly lanes: number;
  readonly tasksDir: string | null;
  /** Keep the coordinator's data in this folder; null: in a temporary one, removed at the end. */
  readonly keep: string | null;
}

export interface Simulated {
  readonly result: RunResult;
  readonly summary: RunSummary;
  /** Their folder, when the data are kept. */
  readonly transcripts: string | null;
}

/** A simulation names half of its participants, within these: the other half may drop out. */
const NAMED_MEMBERS = { least: 3, most: 7 };

/**
 * The real protocol over loopback sockets: a coordinator and all participants in this process. The seed fixes data order, initial weights,
 * rounding, selection and drop-outs, never keys or noise; since sums are exact and a round waits for everybody who has not dropped out,
 * the same seed gives the same models bit for bit.
 */
export async function simulate(
  settings: SimulationSettings,
  progress: Progress,
  onRound: (outcome: RoundOutcome, measured: RoundResult | null) => void,
): Promise<Simulated> {
  const { task: name, participants, rounds, seed, by, committee, drop, lanes, tasksDir, keep } = settings;
  const stopped = untilToldToStop();
  const study = committee === 'named' ? createStudyKey() : null;
  const members = study ? Math.min(NAMED_MEMBERS.most, Math.max(NAMED_MEMBERS.least, participants >> 1)) : 0;
  const folder = keep ?? mkdtempSync(join(tmpdir(), 'sotto-simulation-'));
  await using endings = new AsyncDisposableStack();
  if (keep === null) endings.defer(() => rmSync(folder, { recursive: true, force: true }));

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
      drainMs: 1000,
      log: 'silent',
    },
    { onOpened: measurements.opened },
  );
  endings.defer(() => coordinator.close());
  const datasets = dealTask(coordinator, name, participants, by);
  const minimum = coordinator.tasks.get(name)!.manifest.privacy.minimumCohort;
  // The named devices are those that stay.
  const dropOut = (participant: number, round: number) =>
    participant < members ? null : dropOutOf({ seed, drop, participant, round });
  let foreseen = 0;
  const { promise: forsaken, reject: forsake } = Promise.withResolvers<never>();
  forsaken.catch(() => {});
  const foresee = (round: number): void => {
    foreseen = round;
    // A round that too few stay for would wait for its deadline, which is hours away, to be abandoned.
    const staying = datasets.filter((_, other) => dropOut(other, round) !== 'before-upload').length;
    if (staying < minimum)
      forsake(
        new Failure(
          `Round ${round} cannot be published: ${participants - staying} of ${participants} participants drop out before their update is sent, and the task needs ${minimum} that stay. Simulate more participants, a lower --drop, or another --seed.`,
        ),
      );
  };
  const crowd = await createCrowd({
    url: coordinator.localUrl,
    task: name,
    pins: { ...OPEN_PINS, coordinator: coordinator.coordinatorKey, studyKey: study?.publicKey ?? null },
    datasets,
    seed,
    measurements,
    ...(study && { named: { study: await signerOfStudy(study), members } }),
    dropOut(participant, round) {
      if (round !== foreseen) foresee(round);
      return dropOut(participant, round);
    },
  });
  endings.defer(() => crowd.close());

  const request = {
    task: name,
    ...(rounds !== null && { rounds }),
    seed,
    committee,
    lanes,
    cohort: { least: participants, most: participants },
    // Who drops out is decided by the seed, not by which thread was slow.
    overSelection: 1,
    durations: durationsFor(participants),
  };
  const rehearsed = rehearse(coordinator, crowd, request, progress, (outcome) =>
    onRound(outcome, outcome.kind === 'published' ? measurements.published(outcome, crowd.sentBy) : null),
  );
  const summary = await Promise.race([rehearsed, stopped, forsaken]);
  if (!summary) throw new Failure('Stopped before the last round.');
  const transcripts = keep === null ? null : await saveTranscripts(coordinator, summary, keep);
  return { result: measurements.result(name), summary, transcripts };
}

/**
 * Learning has no deadline to speak of: participants wait for one another's turn at the workers, and it would be a deadline for this
 * machine. The committee's has: when too few of it stayed, that is how long the round takes to be abandoned.
 */
function durationsFor(participants: number): PhaseDurations {
  const checkMs = 30_000 + 50 * participants;
  return { ...DEFAULT_DURATIONS, uploadMs: 12 * 3_600_000, checkMs, returnMs: 500 };
}

/** Half of those that drop out do so before their upload, half after. */
function dropOutOf(about: { seed: number; drop: number; participant: number; round: number }): DropOut | null {
  const random = createRandom(mixSeed(mixSeed(about.seed, about.round), about.participant));
  const chance = random();
  if (chance >= about.drop) return null;
  return chance < about.drop / 2 ? 'before-upload' : 'after-upload';
}
