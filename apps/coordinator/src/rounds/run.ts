import type { RoundSetup } from '@sotto/fl-core/round/round';
import { whyStopEarly } from '@sotto/fl-core/strategy/progress';
import type { RefusedMessage, RoundFacts, RoundView } from '@sotto/protocol/admin/live';
import type { Budget } from '@sotto/protocol/budget';
import type { RoundKey } from '@sotto/protocol/ids';
import type { Duty, RequestName, RoundOver } from '@sotto/protocol/messages';
import { longestRoundMs, type RoundOutcome, type RunSummary } from '@sotto/protocol/run';
import type { TaskManifest } from '@sotto/protocol/task';
import type { Sessions } from '../desk/sessions.ts';
import { patiently, waitBefore } from '../patience.ts';
import type { RoundRecord } from '../store/round-log.ts';
import type { RunRecord } from '../store/run-records.ts';
import { createTurns } from '../turns.ts';
import { isUnavailable } from '../unavailable.ts';
import { createAftermath } from './aftermath.ts';
import { exposedBy, runBudget, spendingOf, whyNoneLeft } from './budget.ts';
import type { ConclusionPorts } from './conclusion.ts';
import { divide, mostInOneSum } from './grouping.ts';
import { bestModel, guardedResult, heldOutOf } from './outcome.ts';
import { livePart, recalledPart, viewRound } from './round-view.ts';
import { select } from './selection.ts';
import { livePhase } from './status.ts';
import { createTraffic } from './traffic.ts';
import { nextTryAt, whyGiveUp } from './tries.ts';
import { devicesOf, openRound, type WholeRound, type WholeRoundContext } from './whole-round.ts';

/** Asked and not heard in so many rounds in a row: chosen last, and not waited for. */
const SILENT_ROUNDS = 3;

/** After these a device stays absent for the rest of a round: it is not waited for, and what it sends counts all the same. */
const MOST_RETURNS = 20;

/** Rounds that a device may remember and we do not, after an old backup was restored. More is not believed: numbers are finite. */
const MOST_AHEAD = 1000;

export interface RunPorts extends ConclusionPorts {
  readonly sessions: Sessions;
  /** While it is, no further round begins. */
  readonly isDraining?: () => boolean;
}

export interface RunContext {
  readonly task: TaskManifest;
  readonly parameters: number;
  /** The run has changed, or only where the round under way is. */
  readonly changed: (what: 'runs' | 'round') => void;
  /** A round has ended; its outcome is stored. */
  readonly ended: (outcome: RoundOutcome) => void;
}

export interface Run {
  readonly task: string;
  summary(): RunSummary;
  /** The round under way. */
  live(): WholeRound | null;
  duties(device: string): Duty[];
  /** The last round that is over, for a device that took part in it. */
  farewell(device: string): RoundOver | undefined;
  arrived(device: string): Promise<void>;
  departed(device: string): Promise<void>;
  /** Something that a round may have waited for has changed. */
  reconsider(): Promise<void>;
  counted(device: string, bytes: number, message: RequestName): void;
  /** A message of a device was refused. */
  refused(message: RefusedMessage): void;
  /** The round under way for those who run the study; null between rounds. */
  view(): RoundView | null;
  /** What was counted since the last round was over. */
  facts(): RoundFacts;
  /** Any round that has begun. */
  viewOf(round: number): Promise<RoundView | undefined>;
  /** A device took part in this round already, and takes part in later ones only: the next begins after it. */
  remembered(round: number): void;
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
  const aftermath = createAftermath(ports, record);
  const rounds: RoundRecord[] = [...found];
  let { state, note } = record;
  let live: WholeRound | null = null;
  /** The highest round that a device remembers. */
  let remembered = 0;
  const traffic = createTraffic(blobs);
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
  const nextRound = () => Math.max(rounds.at(-1)?.round ?? 0, remembered) + 1;
  /** What the next round exposes of each of so many contributors. */
  const exposed = (nMax: number) => exposedBy(contextOf(nextRound()), nMax);
  let reckoned: { readonly after: number; readonly budget: Budget | null } | undefined;

  /** Where it stands after the last round; looked at more often than it changes. */
  function budget(): Budget | null {
    const after = outcomes().length;
    if (reckoned?.after !== after)
      reckoned = { after, budget: runBudget(config, outcomes(), exposed(mostInOneSum(config))) };
    return reckoned.budget;
  }

  function contextOf(round: number): WholeRoundContext {
    const latest = published().at(-1);
    const key: RoundKey = { coordinator: signer.publicKey, task, run, round, group: 0 };
    return {
      key,
      config,
      task: context.task,
      parameters: context.parameters,
      model: latest?.model ?? record.initial.model,
      state: latest?.state ?? null,
      turn: published().length + 1,
      previous: latest?.transcript ?? null,
      scale: latest?.scale ?? null,
      before: heldOutOf(latest ?? record.initial),
      best: guardedResult(record.initial, published()),
      spendingOf: (opened) => spendingOf(config, outcomes(), opened),
      sentBy: traffic.sentBy,
      isHere: (device) => sessions.find(task, device) !== undefined,
      tell: (device, duty) => sessions.tell(task, device, 'duty', duty),
      changed: () => context.changed('round'),
      ended: (outcome) => {
        endRound(outcome).catch(failed('the run stands still'));
      },
    };
  }

  /** A fault of ours that nobody waits for; once closed, whatever fails does so because of that. */
  function failed(what: string): (error: unknown) => void {
    return (error) => {
      if (!closed) log.fatal({ run, err: error }, what);
    };
  }

  const nextRoundAt = (): number | null =>
    resumed || live || state !== 'running' ? null : nextTryAt(outcomes(), config.seed);

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
    context.changed('runs');
  }

  /** Goes on with a round found in the store. */
  async function takeUp(record: RoundRecord): Promise<void> {
    const round = await openRound(ports, contextOf(record.round), record.parts, true);
    await traffic.recall(round.parts);
    if (rounds.at(-1)?.round !== record.round) rounds.push(record);
    enter(round);
    await round.start();
  }

  function enter(round: WholeRound): void {
    resumed = false;
    returns.clear();
    live = round;
  }

  /** The round under way ends without a result: now, or as soon as that can be written down. */
  async function endLive(reason: 'stopped' | 'paused'): Promise<void> {
    await live?.end(reason);
  }

  /** Begins the next round if there is one to begin, enough devices are here, and the pause after a failure is over. */
  async function beginNext(): Promise<void> {
    if (ports.isDraining?.() || state !== 'running' || live) return;
    const earliest = nextRoundAt();
    if (earliest !== null && clock.now() < earliest) return considerAt(earliest);
    const round = nextRound();
    const ends = clock.now() + longestRoundMs(config.durations);
    const named = new Set((await ports.memberCertificates(task, ends)).keys());
    const silent = await store.silentDevices(task, SILENT_ROUNDS);
    const selection = select(config, round, { present: sessions.present(task), named, silent, ends });
    if (!selection) return;
    const divided = divide(config, round, selection, await aftermath.failedTest(rounds.at(-1)));
    const sizes = new Set(divided.map(({ nMax }) => nMax));
    const spent = whyNoneLeft(config, outcomes(), [...sizes].flatMap(exposed));
    if (spent !== null) {
      await setState('finished', spent);
      context.changed('runs');
      return;
    }
    const { minimumCohort, durations } = config;
    const startedAt = clock.now();
    const parts = divided.map(({ group, ...asked }) => {
      const setup: RoundSetup = { ...asked, minimumCohort, durations, startedAt };
      return { group, setup, planHash: null };
    });
    await store.addRound(run, task, round, parts);
    rounds.push({ run, round, parts, outcome: null });
    traffic.begin();
    const begun = await openRound(ports, contextOf(round), parts, false);
    enter(begun);
    const groups = config.groups && { groups: parts.length };
    const { cohort, seats } = selection;
    log.info({ task, run, round, cohort: cohort.length, seats: seats.length, ...groups }, 'round begins');
    context.changed('runs');
    await begun.start();
    // Who went while the round was being written down has not been noticed yet.
    for (const device of devicesOf(selection))
      if (!sessions.find(task, device)) begun.notePresence(device).catch(failed('a departure could not be noted'));
  }

  function considerAt(time: number): void {
    cancelRetry();
    cancelRetry = clock.at(time, () => {
      inTurn(consider).catch(failed('the run stands still'));
    });
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
    const over = (live?.parts ?? []).map((part) => {
      const state = part.state();
      const planHash = 'planHash' in state ? state.planHash : null;
      return { group: part.context.key.group, setup: state.setup, planHash, evidence: part.evidence() };
    });
    const ended: RoundRecord = { ...rounds[at]!, outcome, parts: over.map(({ evidence: _, ...part }) => part) };
    rounds[at] = ended;
    live = null;
    const facts = traffic.facts();
    traffic.end();
    // Not only once all that follows is done.
    context.changed('runs');
    for (const device of new Set(over.flatMap(({ setup }) => [...devicesOf(setup)])))
      sessions.tell(task, device, 'round-over', { run, planHash: planHashFor(device, ended), outcome });
    const unsettled = (what: string) => (error: unknown) => log.error({ run, err: error }, what);
    for (const { planHash, setup, evidence } of over)
      if (planHash !== null)
        await settle(() => aftermath.noteSilence(setup, outcome, evidence)).catch(
          unsettled('who was silent in a round could not be noted'),
        );
    await settle(() => store.keepFacts(run, ended.round, facts)).catch(
      unsettled('what was counted in a round could not be kept'),
    );
    await settle(() => aftermath.freeStates(rounds)).catch(
      unsettled('what a strategy remembered of older rounds could not be removed; tried again after the next'),
    );
    await settle(() => aftermath.freeUploads(aftermath.unfreed(rounds))).catch(
      unsettled('ciphertexts of a round that is over could not be removed; tried again after the next'),
    );
    await settle(conclude);
    await settle(async () => {
      const why = whyGiveUp(outcomes());
      if (state === 'running' && why !== null) await setState('paused', why);
    });
    ending = false;
    context.ended(outcome);
    context.changed('runs');
    await inTurn(consider);
  }

  /** Ends the run when its rounds are done, or bring no more: also a paused one, whose last round was still under way. */
  async function conclude(): Promise<void> {
    if (state !== 'running' && state !== 'paused') return;
    if (published().length >= config.rounds) return setState('finished', null);
    const why =
      whyStopEarly(config.earlyStopping, [record.initial, ...published()]) ??
      whyNoneLeft(config, outcomes(), exposed(mostInOneSum(config)));
    if (why !== null) await setState('finished', why);
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
    task,
    summary: () => ({
      ...record,
      state,
      note,
      rounds: outcomes(),
      best: bestModel(record.initial, published()),
      budget: budget(),
    }),
    live: () => live,
    duties: (device) => live?.duties(device) ?? [],
    farewell(device) {
      const last = rounds.findLast(({ outcome }) => outcome !== null);
      if (!last?.outcome || !last.parts.some(({ setup }) => devicesOf(setup).has(device))) return undefined;
      return { run, planHash: planHashFor(device, last), outcome: last.outcome };
    },
    async arrived(device) {
      if (live?.has(device) && mayReturn(device)) await live.notePresence(device);
      await inTurn(consider);
    },
    departed: async (device) => live?.notePresence(device),
    reconsider: () => inTurn(consider),
    counted(device, bytes, message) {
      traffic.note(device, bytes, message, livePhase(live));
      context.changed('round');
    },
    refused(message) {
      traffic.refused(message);
      context.changed('round');
    },
    view: () =>
      live &&
      viewRound({
        run,
        round: live.round,
        parts: live.parts.map(livePart),
        endedAt: null,
        facts: traffic.facts(),
        sentBy: traffic.sentBy,
        isSending: traffic.isSending,
      }),
    facts: traffic.facts,
    async viewOf(round) {
      const record = rounds.find((other) => other.round === round);
      if (!record) return undefined;
      const parts = record.parts.map(async ({ group, setup }) =>
        recalledPart(group, setup, await store.events(run, round, group)),
      );
      return viewRound({
        run,
        round,
        parts: await Promise.all(parts),
        endedAt: record.outcome?.endedAt ?? null,
        facts: (await store.facts(run, round)) ?? null,
        sentBy: () => null,
        isSending: () => false,
      });
    },
    remembered(round) {
      if (round <= (rounds.at(-1)?.round ?? 0) + MOST_AHEAD) remembered = Math.max(remembered, round);
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
        await aftermath.freeUploads(rounds);
        await consider();
      }),
    nextRoundAt,
    async pause(why, now) {
      await inTurn(async () => {
        if (state === 'running') await setState('paused', why);
      });
      if (now && state === 'paused') await endLive('paused');
      context.changed('runs');
    },
    resume: () =>
      inTurn(async () => {
        if (state !== 'paused') return;
        await setState('running', null);
        resumed = true;
        context.changed('runs');
        await consider();
      }),
    async stop(why) {
      await inTurn(async () => {
        if (state === 'running' || state === 'paused') await setState('stopped', why);
      });
      if (state === 'stopped') await endLive('stopped');
      context.changed('runs');
    },
    close() {
      closed = true;
      cancelRetry();
      live?.close();
    },
  };
}

/** The plan that a device was to contribute to; for one that only serves on the committee, any of the round. */
function planHashFor(device: string, { parts }: RoundRecord): string | null {
  const part =
    parts.find(({ setup }) => setup.cohort.includes(device)) ?? parts.find(({ planHash }) => planHash !== null);
  return part?.planHash ?? null;
}
