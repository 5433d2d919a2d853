import { begin, resume, step } from '@sotto/fl-core/round/coordinator';
import type {
  Effect,
  Judging,
  OpeningSum,
  Planning,
  Round,
  RoundEvent,
  RoundSetup,
  Voting,
} from '@sotto/fl-core/round/round';
import type { Plan } from '@sotto/protocol/plan';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import { patiently } from '../patience.ts';
import type { Entry } from '../store/round-log.ts';
import { createTurns } from '../turns.ts';
import { isUnavailable } from '../unavailable.ts';
import { type Evidence, gatherEvidence } from './evidence.ts';
import type { Happening, PartContext, RoundPorts } from './round-ports.ts';
import { createRoundWork } from './round-work.ts';

/** One part of a round: all of it, or one of its groups. */
export interface RoundHost {
  readonly context: PartContext;
  /** Once, before anything else. */
  start(): Promise<void>;
  state(): Round;
  /** The same before it was abandoned, where it was. */
  standing(): Round;
  /** Null until the plan is made. */
  plan(): Plan | null;
  /**
   * Stores the event and does what follows. @returns why it was refused, or undefined: it counts, or already did.
   * @throws Unavailable: nothing has changed here, and the same may be applied again.
   */
  apply(event: Happening): Promise<Rejection | undefined>;
  evidence(): Evidence;
  /** How many events are stored, and when the last of them happened. */
  last(): { readonly count: number; readonly at: number };
  /** Others may have written to this part: reads what is not known here. */
  refresh(): Promise<void>;
  /** Runs no further effects. Everything else is in the store. */
  close(): void;
}

/** A new part; its setup is in the store already. */
export function newPart(ports: RoundPorts, context: PartContext, setup: RoundSetup): RoundHost {
  const first = begin(setup);
  return createRoundHost(
    ports,
    context,
    { round: first.round, standing: first.round, events: [], plan: null },
    async ({ carryOut }) => {
      for (const effect of first.effects) carryOut(effect);
    },
  );
}

/**
 * A part found in the store: the fold of its rows. Once started, it does again what was under way. `absent` are the devices that are
 * not connected now: after a restart, all of them.
 */
export async function foundPart(
  ports: RoundPorts,
  context: PartContext,
  setup: RoundSetup,
  absent: readonly string[],
): Promise<RoundHost> {
  const { run, round, group } = context.key;
  const events = await ports.store.events(run, round, group);
  const { round: state, standing } = recall(setup, events);
  const planned = events.find((event) => event.type === 'planned');
  const signed = planned && (await ports.store.plan(planned.planHash));
  const found = { round: state, standing, events, plan: signed?.plan ?? null };
  return createRoundHost(ports, context, found, async ({ applyPatiently, resume }) => {
    resume();
    for (const device of absent) await applyPatiently({ type: 'left', device });
  });
}

interface Recalled {
  readonly round: Round;
  readonly standing: Round;
}

/** What became of a part by its events: how it is now, and before it was abandoned, where it was. */
export function recall(setup: RoundSetup, events: readonly RoundEvent[]): Recalled {
  let { round } = begin(setup);
  let standing = round;
  for (const event of events) {
    round = step(round, event).round;
    if (round.phase !== 'abandoned') standing = round;
  }
  return { round, standing };
}

interface Starting {
  readonly applyPatiently: (event: Happening) => Promise<unknown>;
  readonly carryOut: (effect: Effect) => void;
  readonly resume: () => void;
}

function createRoundHost(
  ports: RoundPorts,
  context: PartContext,
  from: Recalled & { readonly events: readonly RoundEvent[]; readonly plan: Plan | null },
  start: (starting: Starting) => Promise<void>,
): RoundHost {
  const { store, clock, log } = ports;
  const { key } = context;
  const about = { task: key.task, run: key.run, round: key.round, ...(key.group > 0 && { group: key.group }) };
  const inTurn = createTurns();
  const events = [...from.events];
  let { round: state, standing, plan } = from;
  let gathered: { readonly count: number; readonly evidence: Evidence } | undefined;
  let closed = false;
  /** An event may be in the store that is not known here: whether it was written got lost with the disk or the database. */
  let doubtful = false;
  let cancelWake = () => {};
  const work = createRoundWork(ports, context, { gather, plan: () => plan, apply });

  function apply(event: Happening, made?: Entry['plan']): Promise<Rejection | undefined> {
    return inTurn(async () => {
      await catchUp();
      if (closed) return reject('round_over', 'This round is over.');
      const at = Math.max(events.at(-1)?.at ?? 0, clock.now());
      const stamped = { ...event, at } as RoundEvent;
      const next = step(state, stamped);
      if (next.refused) return next.refused;
      if (next.round !== state) {
        const { run, round, group } = key;
        try {
          await store.append({ run, round, group, seq: events.length, event: stamped, ...(made && { plan: made }) });
        } catch (error) {
          if (isUnavailable(error)) doubt();
          throw error;
        }
        accept(stamped, next.round, made?.signed.plan);
      }
      for (const effect of next.effects) carryOut(effect);
      return undefined;
    });
  }

  /** What follows from an event that is stored. */
  function accept(event: RoundEvent, next: Round, made: Plan | undefined): void {
    events.push(event);
    plan = made ?? plan;
    log.debug({ ...about, event: event.type, ...('device' in event && { device: event.device }) }, 'event');
    if (next.phase !== state.phase) log.info({ ...about, phase: next.phase }, 'round');
    state = next;
    if (next.phase !== 'abandoned') standing = next;
    context.changed();
  }

  function doubt(): void {
    if (doubtful || closed) return;
    doubtful = true;
    patiently(
      clock,
      () => inTurn(catchUp),
      () => doubtful && !closed,
    ).catch((error: unknown) => log.fatal({ ...about, err: error }, 'the round could not be read again'));
  }

  /** The store is right: what it has beyond what is known here has happened. */
  async function catchUp(): Promise<void> {
    if (!doubtful || closed) return;
    for (const event of (await store.events(key.run, key.round, key.group)).slice(events.length)) {
      const signed = event.type === 'planned' ? await store.plan(event.planHash) : undefined;
      const { round, effects } = step(state, event);
      accept(event, round, signed?.plan);
      for (const effect of effects) carryOut(effect);
    }
    doubtful = false;
  }

  /**
   * Starts an effect; while the machine cannot do it and the round still owes it, again. One that fails otherwise is our fault, not a
   * device's: the round ends and the log says why.
   */
  function carryOut(effect: Effect): void {
    if (closed) return;
    const owed = () => !closed && resume(state, clock.now()).effects.some((other) => other.do === effect.do);
    patiently(clock, () => run(effect), owed).catch((error: unknown) => {
      if (closed) return;
      log.error({ ...about, effect: effect.do, err: error }, 'an effect of the round failed');
      applyPatiently({ type: 'failed', reason: 'stopped' }).catch((cause: unknown) =>
        log.fatal({ ...about, err: cause }, 'the round could not be ended either'),
      );
    });
  }

  const applyPatiently = (event: Happening) =>
    patiently(
      clock,
      () => apply(event),
      () => !closed,
    );

  async function run(effect: Effect): Promise<void> {
    switch (effect.do) {
      case 'remind':
        return context.remind();
      case 'wake':
        cancelWake();
        cancelWake = clock.at(effect.at, () => {
          applyPatiently({ type: 'clock' }).catch((error: unknown) =>
            log.fatal({ ...about, err: error }, 'the clock failed'),
          );
        });
        return;
      case 'make-plan':
        return work.makePlan(state as Planning);
      case 'judge':
        return work.judge(state as Judging);
      case 'sum':
        return work.sum(state as Voting | OpeningSum);
      case 'open':
        return work.open(state as OpeningSum);
      case 'conclude':
        return context.over();
    }
  }

  function gather(): Evidence {
    if (gathered?.count !== events.length) gathered = { count: events.length, evidence: gatherEvidence(events) };
    return gathered.evidence;
  }

  function close(): void {
    closed = true;
    cancelWake();
  }

  function resumeEffects(): void {
    for (const effect of resume(state, clock.now()).effects) carryOut(effect);
  }

  return {
    context,
    start: () => start({ applyPatiently, carryOut, resume: resumeEffects }),
    state: () => state,
    standing: () => standing,
    plan: () => plan,
    apply: (event) => apply(event),
    evidence: gather,
    last: () => ({ count: events.length, at: events.at(-1)?.at ?? state.setup.startedAt }),
    refresh() {
      doubtful = true;
      return inTurn(catchUp);
    },
    close,
  };
}
