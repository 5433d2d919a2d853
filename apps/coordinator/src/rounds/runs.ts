import { randomBytes } from 'node:crypto';
import type { RefusedMessage, RoundFacts, RoundView } from '@sotto/protocol/admin/live';
import type { RunPreview } from '@sotto/protocol/admin/runs';
import { type Certificate, checkCertificate } from '@sotto/protocol/certificate';
import type { RoundKey } from '@sotto/protocol/ids';
import type { Duty, RequestName, RoundOver } from '@sotto/protocol/messages';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import type { RoundOutcome, RunSummary, Status } from '@sotto/protocol/run';
import { MEANS } from '../aggregation/upload-layout.ts';
import { reconnectWindowMs } from '../pace.ts';
import { patiently } from '../patience.ts';
import type { RunRecord } from '../store/run-records.ts';
import type { TaskRegistry } from '../tasks/registry.ts';
import { isAlike, type Task } from '../tasks/tasks.ts';
import { createTurns } from '../turns.ts';
import { isUnavailable } from '../unavailable.ts';
import { type FirstModelPorts, firstModel } from './first-model.ts';
import { planRun } from './planned-run.ts';
import type { RoundHost } from './round-host.ts';
import { createRun, type Run, type RunPorts } from './run.ts';
import { previewRun } from './run-preview.ts';
import type { RunRequest } from './run-request.ts';
import { statusOf } from './status.ts';

export interface RunsPorts extends Omit<RunPorts, 'memberCertificates'>, Pick<FirstModelPorts, 'makeInitialModel'> {
  readonly tasks: ReadonlyMap<string, Task>;
  /** Parameters of each task's model. */
  readonly parameters: ReadonlyMap<string, number>;
  readonly studyKey: () => string | null;
  /** A task as it was when a run of it began. */
  readonly taskAt: TaskRegistry['at'];
}

export interface RunEnded {
  readonly run: string;
  readonly task: string;
  readonly outcome: RoundOutcome;
}

/** What of a task has changed: its runs, who is here for it, or where the round under way is. */
type RunsListener = (task: string, what: 'runs' | 'devices' | 'round') => void;

/** All runs, and what devices and pages are told of them. At most one run of a task is running or paused. */
export interface Runs {
  create(request: RunRequest): Promise<RunSummary | Rejection<'unknown_task' | 'bad_config' | 'run_running'>>;
  /** What such a run would cost, or why there can be none. Starts nothing. */
  preview(request: RunRequest): Promise<RunPreview | Rejection<'unknown_task' | 'bad_config'>>;
  /** Begins no further round. The round under way is finished, unless it is to be abandoned now. */
  pause(run: string, now?: boolean): Promise<RunSummary | Rejection<'unknown_run' | 'run_over' | 'run_paused'>>;
  resume(run: string): Promise<RunSummary | Rejection<'unknown_run' | 'run_over' | 'run_running'>>;
  stop(run: string): Promise<RunSummary | Rejection<'unknown_run' | 'run_over'>>;
  get(run: string): RunSummary | undefined;
  list(): RunSummary[];
  /** The run of a task that is running or paused. */
  unfinished(task: string): string | null;
  /** As long as this lasts no run begins. */
  betweenBegins<T>(work: () => Promise<T>): Promise<T>;
  /** The task's latest run; none that learned what the task no longer is. */
  latest(task: string): RunSummary | null;
  /** The latest such run with a published model, if that is not the task's latest run. */
  earlier(task: string): RunSummary | null;
  status(task: string): Status | undefined;
  duties(task: string, device: string): Duty[];
  farewell(task: string, device: string): RoundOver | undefined;
  /** Parts of rounds under way, each with its task. */
  live(): (readonly [task: string, round: RoundHost])[];
  /** The part with this plan, of a round under way. */
  roundOf(planHash: string): RoundHost | undefined;
  /** The part with this key, of a round under way. */
  roundAt(key: RoundKey): RoundHost | undefined;
  arrived(task: string, device: string): Promise<void>;
  departed(task: string, device: string): Promise<void>;
  /** A certificate has come in: a named committee may be complete now. */
  reconsider(task: string): Promise<void>;
  /** A device has sent so many bytes in the round under way. */
  counted(task: string, device: string, bytes: number, message: RequestName): void;
  /** A message of a device of the task was refused. */
  refused(task: string, message: Omit<RefusedMessage, 'at'>): void;
  /** The round under way in a task, and what was counted since the last. */
  look(task: string): { readonly round: RoundView | null; readonly facts: RoundFacts };
  /** A round that has begun, as the coordinator saw it. */
  round(run: string, round: number): Promise<RoundView | undefined>;
  /** A device of the task took part in this round of this run already: it was lost here if it is not known. */
  remembered(task: string, at: { readonly run: string; readonly round: number }): void;
  /** @returns a function that ends the subscription. */
  onRound(listener: (ended: RunEnded) => void): () => void;
  /** Something that a page may show has changed. */
  onChange(listener: RunsListener): () => void;
  /** Goes on with everything the store says is under way. */
  start(): Promise<void>;
  close(): void;
}

const NO_FACTS: RoundFacts = { received: {}, refused: {}, refusals: [] };

const isUnfinished = (run: RunSummary | undefined): run is RunSummary =>
  run?.state === 'running' || run?.state === 'paused';
const hasPublished = ({ rounds }: RunSummary) => rounds.some(({ kind }) => kind === 'published');

export function createRuns(ports: RunsPorts): Runs {
  const { store, sessions, tasks, parameters, clock, log } = ports;
  const runs = new Map<string, Run>();
  const listeners = { round: new Set<(ended: RunEnded) => void>(), change: new Set<RunsListener>() };
  const inTurn = createTurns();
  let doubtful: string | null = null;
  let closed = false;

  async function memberCertificates(task: string, until: number): Promise<Map<string, Certificate>> {
    const now = clock.now();
    const studyKey = ports.studyKey();
    const kept = await store.certificates(task, studyKey, now);
    const members = new Map<string, Certificate>();
    for (const certificate of kept) {
      const { id, key } = certificate;
      // Devices would refuse to go on in the middle of a round.
      if (studyKey === null || certificate.role !== 'member' || certificate.expiry <= until) continue;
      if (await checkCertificate(certificate, { studyKey, key, task, role: 'member', now })) continue;
      if ((await store.verdictOn(task, id)) !== 'revoked') members.set(id, certificate);
    }
    return members;
  }

  const changed: RunsListener = (task, what) => {
    for (const listener of listeners.change) listener(task, what);
  };

  async function addRun(record: RunRecord, rounds: Parameters<typeof createRun>[2]): Promise<Run> {
    const { run, task } = record;
    const then = await ports.taskAt(task, record.revision);
    const made = createRun({ ...ports, memberCertificates }, record, rounds, {
      task: then.manifest,
      parameters: then.parameters,
      changed: (what) => changed(task, what),
      ended: (outcome) => {
        for (const listener of listeners.round) listener({ run, task, outcome });
      },
    });
    runs.set(run, made);
    return made;
  }

  async function begin(record: RunRecord): Promise<Run> {
    const run = await addRun(record, []);
    await run.start();
    changed(record.task, 'runs');
    return run;
  }

  /** Whether a run was stored got lost with the disk or the database: if it was, it goes on, and before any other begins. */
  function doubt(run: string): void {
    doubtful = run;
    patiently(
      clock,
      () => inTurn(catchUp),
      () => !closed,
    ).catch((error: unknown) => log.fatal({ run, err: error }, 'the run could not be looked up'));
  }

  async function catchUp(): Promise<void> {
    if (doubtful === null || closed) return;
    const record = (await store.runs()).find(({ run }) => run === doubtful);
    doubtful = null;
    if (record) await begin(record);
  }

  /** Those whose models are models of the task as it is now, oldest first. */
  const listOf = (id: string) => {
    const task = tasks.get(id);
    return [...runs.values()].filter((run) => run.task === id && task && isAlike(task, run.summary()));
  };
  const latestOf = (task: string): Run | undefined => [...runs.values()].findLast((run) => run.task === task);
  function unfinished(name: string): Run | Rejection<'unknown_run' | 'run_over'> {
    const run = runs.get(name);
    if (!run) return reject('unknown_run', `There is no run ${name}.`);
    const { state } = run.summary();
    return state === 'running' || state === 'paused' ? run : reject('run_over', `Run ${name} is already ${state}.`);
  }

  const liveParts = () => [...runs.values()].flatMap((run) => run.live()?.parts ?? []);

  return {
    create: (request) =>
      inTurn(async () => {
        await catchUp();
        const planned = await planRun(ports, request);
        if (isRejection(planned)) return planned;
        const { task, config } = planned;
        const current = latestOf(request.task)?.summary();
        if (isUnfinished(current))
          return reject(
            'run_running',
            `Run ${current.run} of ${request.task} is still ${current.state}. Stop it first.`,
          );
        const initial = await firstModel(
          ports,
          task,
          config,
          listOf(request.task).map((run) => run.summary()),
        );
        if (isRejection(initial)) return initial;
        const record = {
          run: `${request.task.slice(0, 50)}-${randomBytes(4).toString('hex')}`,
          task: request.task,
          ...(task.revision !== null && { revision: task.revision }),
          state: 'running' as const,
          note: null,
          config,
          startedAt: clock.now(),
          initial,
        };
        try {
          await store.addRun(record);
        } catch (error) {
          if (isUnavailable(error)) doubt(record.run);
          throw error;
        }
        log.info({ task: record.task, run: record.run, rounds: config.rounds }, 'run begins');
        return (await begin(record)).summary();
      }),
    async preview(request) {
      const planned = await planRun(ports, request);
      if (isRejection(planned)) return planned;
      const { task, config } = planned;
      const named = (await memberCertificates(request.task, clock.now())).size;
      const isBusy = isUnfinished(latestOf(request.task)?.summary());
      return previewRun(config, { task: task.manifest, parameters: parameters.get(request.task)!, named, isBusy });
    },
    async pause(name, now = false) {
      const run = unfinished(name);
      if (isRejection(run)) return run;
      const paused = run.summary().state === 'paused';
      if (paused && !(now && run.live())) return reject('run_paused', `Run ${name} is already paused.`);
      await run.pause('Paused by the admin.', now);
      return run.summary();
    },
    async resume(name) {
      const run = unfinished(name);
      if (isRejection(run)) return run;
      if (run.summary().state === 'running') return reject('run_running', `Run ${name} is not paused.`);
      await run.resume();
      return run.summary();
    },
    async stop(name) {
      const run = unfinished(name);
      if (isRejection(run)) return run;
      await run.stop('Stopped by the admin.');
      return run.summary();
    },
    get: (name) => runs.get(name)?.summary(),
    list: () => [...runs.values()].map((run) => run.summary()),
    unfinished(task) {
      const run = latestOf(task)?.summary();
      return isUnfinished(run) ? run.run : null;
    },
    betweenBegins: inTurn,
    latest: (task) => listOf(task).at(-1)?.summary() ?? null,
    earlier(task) {
      const alike = listOf(task);
      const learned = alike.findLast((run) => hasPublished(run.summary()));
      return learned && learned !== alike.at(-1) ? learned.summary() : null;
    },
    status(name) {
      const task = tasks.get(name);
      if (!task) return undefined;
      const run = listOf(name).at(-1);
      const present = sessions.present(name).filter(({ contributes }) => contributes).length;
      return statusOf(task.manifest, present, run?.summary() ?? null, run?.live() ?? null, {
        nextRoundAt: run?.nextRoundAt() ?? null,
        reconnectMs: reconnectWindowMs(sessions.count()),
      });
    },
    duties: (task, device) => latestOf(task)?.duties(device) ?? [],
    farewell: (task, device) => latestOf(task)?.farewell(device),
    live: () => liveParts().map((part) => [part.context.key.task, part] as const),
    roundOf: (planHash) =>
      liveParts().find((round) => {
        const state = round.state();
        // A group that came to nothing is over, though its round is not.
        return state.phase !== 'abandoned' && 'planHash' in state && state.planHash === planHash;
      }),
    roundAt: (key) =>
      liveParts().find(({ context }) => {
        const { coordinator, task, run, round, group } = context.key;
        return (
          key.coordinator === coordinator &&
          key.task === task &&
          key.run === run &&
          key.round === round &&
          key.group === group
        );
      }),
    async arrived(task, device) {
      changed(task, 'devices');
      await latestOf(task)?.arrived(device);
    },
    async departed(task, device) {
      changed(task, 'devices');
      await latestOf(task)?.departed(device);
    },
    reconsider: async (task) => latestOf(task)?.reconsider(),
    counted: (task, device, bytes, message) => latestOf(task)?.counted(device, bytes, message),
    refused: (task, message) => latestOf(task)?.refused({ ...message, at: clock.now() }),
    look(task) {
      const run = latestOf(task);
      return { round: run?.view() ?? null, facts: run?.facts() ?? NO_FACTS };
    },
    round: async (run, round) => runs.get(run)?.viewOf(round),
    remembered(task, { run, round }) {
      const latest = latestOf(task);
      if (latest && latest === runs.get(run)) latest.remembered(round);
    },
    onRound(listener) {
      listeners.round.add(listener);
      return () => listeners.round.delete(listener);
    },
    onChange(listener) {
      listeners.change.add(listener);
      return () => listeners.change.delete(listener);
    },
    async start() {
      for (const record of await store.runs()) {
        if (!tasks.has(record.task)) {
          log.warn({ run: record.run, task: record.task }, 'the task of this run is no longer here');
          continue;
        }
        await addRun(record, await store.rounds(record.run));
      }
      // Means of a process that is gone: what is still needed is made again.
      await ports.blobs
        .remove(MEANS)
        .catch((error: unknown) => log.warn({ err: error }, 'old means could not be removed'));
      for (const run of runs.values()) await run.start();
    },
    close() {
      closed = true;
      for (const run of runs.values()) run.close();
    },
  };
}
