import { dutiesOf } from '@sotto/fl-core/round/duties';
import type { RoundSetup } from '@sotto/fl-core/round/round';
import type { RoundKey } from '@sotto/protocol/ids';
import type { Duty, RoundOver } from '@sotto/protocol/messages';
import { longestRoundMs, type RoundOutcome, type RunSummary } from '@sotto/protocol/run';
import type { TaskManifest } from '@sotto/protocol/task';
import { sumBlob, uploadBlob, uploadFolder } from '../aggregation/upload-layout.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { Sessions } from '../desk/sessions.ts';
import { pauseAfterMs } from '../pace.ts';
import { patiently, waitBefore } from '../patience.ts';
import type { RoundRecord } from '../store/round-log.ts';
import type { RunRecord } from '../store/run-records.ts';
import { createTurns } from '../turns.ts';
import { isUnavailable } from '../unavailable.ts';
import { type Evidence, gatherEvidence } from './evidence.ts';
import { foundRound, newRound, type RoundHost } from './round-host.ts';
import type { RoundContext, RoundPorts } from './round-ports.ts';
import { createRandom, select } from './selection.ts';

/** Abandoned in a row before a run pauses: trying again and again costs devices their work. */
const MOST_TRIES = 5;
/** Asked and not heard in so many rounds in a row: chosen last, and not waited for. */
const SILENT_ROUNDS = 3;

/** After these a device stays absent for the rest of a round: it is not waited for, and what it sends counts all the same. */
const MOST_RETURNS = 20;

export interface RunPorts extends RoundPorts {
  readonly sessions: Sessions;
  readonly blobs: Blobs;
  /** While it is, no further round begins. */
  readonly isDraining?: () => boolean;
}

export interface RunContext {
  readonly task: TaskManifest;
  readonly parameters: number;
  /** The status, or the list of runs, has changed. */
  readonly changed: () => void;
  /** A round has ended; its outcome is stored. */
  readonly ended: (outcome: RoundOutcome) => void;
}

export interface Run {
  summary(): RunSummary;
  /** The round under way. */
  live(): RoundHost | null;
  duties(device: string): Duty[];
  /** The last round that is over, for a device that took part in it. */
  farewell(device: string): RoundOver | undefined;
  arrived(device: string): Promise<void>;
  departed(device: string): Promise<void>;
  /** Something that a round may have waited for has changed. */
  reconsider(): Promise<void>;
  counted(device: string, bytes: number): void;
  /** When the next round may begin, after one or more that were abandoned; null when nothing but devices is waited for. */
  nextRoundAt(): number | null;
  /** Goes on where the store left off. Once, before anything else. */
  start(): Promise<void>;
  /** Begins no further round; the one under way goes on, or is abandoned `now`. */
  pause(note: string, now: boolean): Promise<void>;
  resume(): Promise<void>;
  stop(note: string): Promise<void>;
  close(): void;
}

/** A run: one round after another while enough devices are here, until all are published. It pauses when trying again is of no use. */
export function createRun(ports: RunPorts, record: RunRecord, found: readonly RoundRecord[], context: RunContext): Run {
  const { store, sessions, blobs, clock, signer, log } = ports;
  const { run, task, config } = record;
  const inTurn = createTurns();
  const rounds: RoundRecord[] = [...found];
  let { state, note } = record;
  let live: RoundHost | null = null;
  let sent = new Map<string, number>();
  const returns = new Map<string, number>();
  let closed = false;
  /** A round is over, and what its end brings with it is not all written down yet. */
  let ending = false;
  /** The store may hold a round or a state that is not known here; so many looks at it have failed. */
  let doubtful = false;
  let failedLooks = 0;
  /** A person said to go on: what failed before is no longer waited out. */
  let resumed = false;
  let cancelRetry = () => {};

  const outcomes = () => rounds.flatMap(({ outcome }) => outcome ?? []);
  const published = () => outcomes().filter((outcome) => outcome.kind === 'published');
  const devicesOf = ({ cohort, seats }: RoundSetup) => new Set([...cohort, ...seats]);

  function contextOf(round: number): RoundContext {
    const latest = published().at(-1);
    const key: RoundKey = { coordinator: signer.publicKey, task, run, round, group: 0 };
    return {
      key,
      config,
      task: context.task,
      parameters: context.parameters,
      model: latest?.model ?? record.initial.model,
      previous: latest?.transcript ?? null,
      sentBy: (device) => sent.get(device) ?? 0,
      remind,
      changed: context.changed,
      ended: (outcome) => {
        endRound(outcome).catch((error: unknown) => log.fatal({ run, err: error }, 'the run stands still'));
      },
    };
  }

  function remind(): void {
    if (!live) return;
    for (const device of devicesOf(live.state().setup))
      for (const duty of duties(device)) sessions.tell(task, device, 'duty', duty);
  }

  function duties(device: string): Duty[] {
    return live ? dutiesOf(live.state(), live.context.key, device) : [];
  }

  /** Rounds at the end that were abandoned through no decision of a person's. */
  function failures(): number {
    const all = outcomes();
    return all.length - 1 - all.findLastIndex((outcome) => outcome.kind === 'published' || outcome.reason === 'paused');
  }

  function nextRoundAt(): number | null {
    const last = outcomes().at(-1);
    const count = failures();
    if (!last || count === 0 || resumed || live || state !== 'running') return null;
    return last.endedAt + pauseAfterMs(count, createRandom(config.seed, last.round)());
  }

  /** Begins the next round if there is one to begin; later, when the machine cannot do it now. */
  async function consider(): Promise<void> {
    if (closed || ending) return;
    try {
      await catchUp();
      await beginNext();
      failedLooks = 0;
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      doubt();
    }
  }

  function doubt(): void {
    doubtful = true;
    failedLooks += 1;
    if (!closed) considerAt(clock.now() + waitBefore(failedLooks));
  }

  /** The store is right: what it says of this run is so. */
  async function catchUp(): Promise<void> {
    if (!doubtful) return;
    const stored = (await store.runs()).find((other) => other.run === run);
    const last = (await store.rounds(run)).at(-1);
    if (stored) ({ state, note } = stored);
    if (last && last.round > (rounds.at(-1)?.round ?? 0)) await takeUp(last);
    doubtful = false;
    if (state === 'stopped') await endLive('stopped');
    context.changed();
  }

  /** Goes on with a round found in the store. */
  async function takeUp(record: RoundRecord): Promise<void> {
    const absent = [...devicesOf(record.setup)].filter((device) => !sessions.find(task, device));
    const round = await foundRound(ports, contextOf(record.round), record.setup, absent);
    sent = await recallTraffic(round);
    if (rounds.at(-1)?.round !== record.round) rounds.push(record);
    live = round;
    await round.start();
  }

  /** The round under way ends without a result: now, or as soon as that can be written down. */
  async function endLive(reason: 'stopped' | 'paused'): Promise<void> {
    const round = live;
    if (!round) return;
    const end = () => round.apply({ type: 'failed', reason });
    try {
      await end();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      patiently(clock, end, () => live === round).catch((cause: unknown) =>
        log.fatal({ run, err: cause }, 'the round could not be ended'),
      );
    }
  }

  /** Begins the next round if there is one to begin, enough devices are here, and the pause after a failure is over. */
  async function beginNext(): Promise<void> {
    if (ports.isDraining?.() || state !== 'running' || live) return;
    const earliest = nextRoundAt();
    if (earliest !== null && clock.now() < earliest) return considerAt(earliest);
    const round = (rounds.at(-1)?.round ?? 0) + 1;
    const ends = clock.now() + longestRoundMs(config.durations);
    const named = new Set((await ports.memberCertificates(task, ends)).keys());
    const silent = await store.silentDevices(task, SILENT_ROUNDS);
    const selection = select(config, round, { present: sessions.present(task), named, silent, ends });
    if (!selection) return;
    const { minimumCohort, durations } = config;
    const setup: RoundSetup = { ...selection, minimumCohort, durations, startedAt: clock.now() };
    await store.addRound(run, task, round, setup);
    resumed = false;
    rounds.push({ run, round, setup, planHash: null, outcome: null });
    sent = new Map();
    returns.clear();
    live = newRound(ports, contextOf(round), setup);
    log.info({ task, run, round, cohort: selection.cohort.length, seats: selection.seats.length }, 'round begins');
    context.changed();
    await live.start();
    // Who went while the round was being written down has not been noticed yet.
    for (const device of devicesOf(setup))
      if (!sessions.find(task, device))
        notePresence(device).catch((error: unknown) =>
          log.fatal({ run, err: error }, 'a departure could not be noted'),
        );
  }

  /** Nobody says twice that a device came or went, so it is written down as soon as that can be done. */
  async function notePresence(device: string): Promise<void> {
    const round = live;
    if (!round || !devicesOf(round.state().setup).has(device)) return;
    const presence = () => (sessions.find(task, device) ? 'returned' : 'left');
    const type = presence();
    await patiently(
      clock,
      () => round.apply({ type, device }),
      () => live === round && presence() === type,
    );
  }

  function considerAt(time: number): void {
    cancelRetry();
    cancelRetry = clock.at(time, () => {
      inTurn(consider).catch((error: unknown) => log.fatal({ run, err: error }, 'the run stands still'));
    });
  }

  /** What devices sent before a restart was counted in memory; at least the uploads lie on disk. */
  async function recallTraffic(round: RoundHost): Promise<Map<string, number>> {
    const state = round.state();
    const recalled = new Map<string, number>();
    if (!('updates' in state)) return recalled;
    for (const [device, digest] of Object.entries(state.updates))
      recalled.set(device, (await blobs.size(uploadBlob(state.planHash, device, digest))) ?? 0);
    return recalled;
  }

  /** What an end brings with it is written down step by step, each as soon as that can be done; nobody's turn waits for it. */
  async function endRound(outcome: RoundOutcome): Promise<void> {
    const settle = (step: () => Promise<void>) =>
      patiently(
        clock,
        () => inTurn(step),
        () => !closed,
      );
    ending = true;
    const at = rounds.length - 1;
    const { setup } = rounds[at]!;
    const over = live?.state();
    const planHash = over && 'planHash' in over ? over.planHash : null;
    const evidence = live?.evidence();
    rounds[at] = { ...rounds[at]!, outcome, planHash };
    live = null;
    for (const device of devicesOf(setup)) sessions.tell(task, device, 'round-over', { run, planHash, outcome });
    if (planHash !== null && evidence) await settle(() => noteSilence(setup, outcome, evidence));
    // Again and again, as work under way at the end may write afterwards.
    const [freed] = keptRounds(config.keepCiphertexts + 1);
    await settle(() => freeUploads(rounds.slice(freed ? rounds.indexOf(freed) : 0))).catch((error: unknown) =>
      log.error(
        { run, err: error },
        'ciphertexts of a round that is over could not be removed; tried again after the next',
      ),
    );
    await settle(conclude);
    await settle(async () => {
      if (state === 'running' && failures() > 0 && failures() % MOST_TRIES === 0) await giveUp();
    });
    ending = false;
    context.ended(outcome);
    context.changed();
    await inTurn(consider);
  }

  /** Who was asked and had the time, and yet was not heard. Nobody is blamed for a round that needed no more or that a person ended. */
  async function noteSilence({ cohort, nMax }: RoundSetup, outcome: RoundOutcome, evidence: Evidence): Promise<void> {
    const { updates, withdrawn } = evidence;
    const ended = outcome.kind === 'abandoned' && (outcome.reason === 'paused' || outcome.reason === 'stopped');
    const blameless = ended || updates.size >= nMax;
    const silent = blameless ? [] : cohort.filter((device) => !updates.has(device) && !withdrawn.has(device));
    await store.heard(task, [...updates.keys()], silent);
  }

  /** The latest published rounds, so many at most. */
  function keptRounds(count: number): RoundRecord[] {
    return count === 0 ? [] : rounds.filter(({ outcome }) => outcome?.kind === 'published').slice(-count);
  }

  /**
   * Of the last published rounds, what was counted is kept, so that somebody can add it up again; of any other round that is over,
   * nothing.
   */
  async function freeUploads(over: readonly RoundRecord[]): Promise<void> {
    const kept = new Set(keptRounds(config.keepCiphertexts));
    for (const record of over) {
      const { planHash, round } = record;
      if (planHash === null) continue;
      if (!kept.has(record)) {
        await blobs.remove(uploadFolder(planHash));
        continue;
      }
      const { updates } = gatherEvidence(await store.events(run, round));
      const counted = new Set([...updates].map(([device, { digest }]) => uploadBlob(planHash, device, digest)));
      counted.add(sumBlob(planHash));
      for (const blob of await blobs.list(uploadFolder(planHash))) if (!counted.has(blob)) await blobs.remove(blob);
    }
  }

  /** Ends the run when its rounds are done: also a paused one, whose last round was still under way. */
  async function conclude(): Promise<void> {
    if ((state === 'running' || state === 'paused') && published().length >= config.rounds)
      await setState('finished', null);
  }

  async function giveUp(): Promise<void> {
    const last = outcomes().slice(-MOST_TRIES);
    const reasons = [...new Set(last.flatMap((outcome) => (outcome.kind === 'abandoned' ? outcome.reason : [])))];
    await setState(
      'paused',
      `${MOST_TRIES} rounds in a row were abandoned (${reasons.join(', ').replaceAll('_', ' ')}). Check that enough devices stay connected until the end of a round, and that its deadlines are long enough; then resume the run.`,
    );
  }

  /** Each coming and going is a row of the round; a connection that flaps may not fill the disk with them. */
  function mayReturn(device: string): boolean {
    const count = (returns.get(device) ?? 0) + 1;
    returns.set(device, count);
    return count <= MOST_RETURNS;
  }

  async function setState(next: RunRecord['state'], why: string | null): Promise<void> {
    try {
      await store.setRunState(run, next, why);
    } catch (error) {
      if (isUnavailable(error)) doubt();
      throw error;
    }
    state = next;
    note = why;
  }

  return {
    summary: () => ({ ...record, state, note, rounds: outcomes() }),
    live: () => live,
    duties,
    farewell(device) {
      const last = rounds.findLast(({ outcome }) => outcome !== null);
      if (!last?.outcome || !devicesOf(last.setup).has(device)) return undefined;
      return { run, planHash: last.planHash, outcome: last.outcome };
    },
    async arrived(device) {
      if (live && devicesOf(live.state().setup).has(device) && mayReturn(device)) await notePresence(device);
      await inTurn(consider);
    },
    departed: notePresence,
    reconsider: () => inTurn(consider),
    counted(device, bytes) {
      if (live) sent.set(device, (sent.get(device) ?? 0) + bytes);
    },
    start: () =>
      inTurn(async () => {
        const last = rounds.at(-1);
        if (last && last.outcome === null) {
          await takeUp(last);
          if (state !== 'running' && state !== 'paused') await endLive('stopped');
        }
        // What an earlier process did not come to.
        await conclude();
        await freeUploads(rounds.filter(({ outcome }) => outcome !== null));
        await consider();
      }),
    nextRoundAt,
    async pause(why, now) {
      await inTurn(async () => {
        if (state === 'running') await setState('paused', why);
      });
      if (now && state === 'paused') await endLive('paused');
      context.changed();
    },
    resume: () =>
      inTurn(async () => {
        if (state !== 'paused') return;
        await setState('running', null);
        resumed = true;
        context.changed();
        await consider();
      }),
    async stop(why) {
      await inTurn(async () => {
        if (state === 'running' || state === 'paused') await setState('stopped', why);
      });
      if (state === 'stopped') await endLive('stopped');
      context.changed();
    },
    close() {
      closed = true;
      cancelRetry();
      live?.close();
    },
  };
}
