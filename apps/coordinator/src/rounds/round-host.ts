import { begin, resume, step } from '@sotto/fl-core/round/coordinator';
import type {
  Effect,
  Judging,
  OpeningSum,
  Planning,
  Publishing,
  Round,
  RoundEvent,
  RoundSetup,
  Voting,
} from '@sotto/fl-core/round/round';
import { fromBase64 } from '@sotto/protocol/base64';
import type { Certificate } from '@sotto/protocol/certificate';
import { coefficientsOf, type Encoding, type Plan } from '@sotto/protocol/plan';
import { InvariantError, invariant, isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import type { RoundOutcome } from '@sotto/protocol/run';
import type { Signer } from '@sotto/protocol/signature';
import { type TranscriptBody, transcriptHash, transcriptString } from '@sotto/protocol/transcript';
import type { Engine } from '../aggregation/engine.ts';
import { MODELS, modelBlob, sumBlob, uploadBlob } from '../aggregation/upload-layout.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Entry, Store } from '../store/store.ts';
import { createTurns } from '../turns.ts';
import { type Evidence, gatherEvidence } from './evidence.ts';
import { abandonedOutcome, publishedOutcome } from './outcome.ts';
import { makePlan, type PlanTerms, signPlan } from './plan-making.ts';

/** The opened sum as it came out of the ciphertexts, for simulations to compare with what went in. */
export interface OpenedRound {
  readonly run: string;
  readonly round: number;
  readonly planHash: string;
  readonly contributors: readonly string[];
  readonly levels: Float64Array;
  readonly encoding: Encoding;
}

export interface RoundPorts {
  readonly store: Store;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly signer: Signer;
  readonly log: Log;
  /** On the held-out examples of the task. */
  readonly evaluate: (task: string, model: string) => Promise<{ readonly accuracy: number; readonly loss: number }>;
  /** Member certificates by device. */
  readonly memberCertificates: (task: string) => Promise<ReadonlyMap<string, Certificate>>;
  readonly onOpened?: ((opened: OpenedRound) => void) | undefined;
}

/** What the run gives a round and hears from it. */
export interface RoundContext extends PlanTerms {
  /** Bytes a device has sent in this round. */
  readonly sentBy: (device: string) => number;
  /** Duties have changed. */
  readonly remind: () => void;
  /** Something that the status shows has changed. */
  readonly changed: () => void;
  /** The round is over and its outcome stored. */
  readonly ended: (outcome: RoundOutcome) => void;
}

type DistributedOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** An event before the host says when it happened. */
export type Happening = DistributedOmit<RoundEvent, 'at'>;

export interface RoundHost {
  readonly context: RoundContext;
  /** Once, before anything else. */
  start(): Promise<void>;
  state(): Round;
  /** Null until the plan is made. */
  plan(): Plan | null;
  /** Stores the event and does what follows. @returns why it was refused, or undefined: it counts, or already did. */
  apply(event: Happening): Promise<Rejection | undefined>;
  evidence(): Evidence;
  /** Runs no further effects. Everything else is in the store. */
  close(): void;
}

type Together = Pick<Entry, 'plan' | 'model' | 'transcript' | 'outcome' | 'contributors'>;

/** A new round; its setup is in the store already. */
export function newRound(ports: RoundPorts, context: RoundContext, setup: RoundSetup): RoundHost {
  const first = begin(setup);
  return createRoundHost(ports, context, { round: first.round, events: [], plan: null }, async ({ carryOut }) => {
    for (const effect of first.effects) carryOut(effect);
  });
}

/**
 * A round found in the store: the fold of its rows. Once started, it does again what was under way. `absent` are the devices that are
 * not connected now: after a restart, all of them.
 */
export async function foundRound(
  ports: RoundPorts,
  context: RoundContext,
  setup: RoundSetup,
  absent: readonly string[],
): Promise<RoundHost> {
  const { run, round } = context.key;
  const events = await ports.store.events(run, round);
  const state = events.reduce((folded, event) => step(folded, event).round, begin(setup).round);
  const planned = events.find((event) => event.type === 'planned');
  const signed = planned && (await ports.store.plan(planned.planHash));
  const found = { round: state, events, plan: signed?.plan ?? null };
  return createRoundHost(ports, context, found, async ({ apply, resume }) => {
    resume();
    for (const device of absent) await apply({ type: 'left', device });
  });
}

interface Starting {
  readonly apply: RoundHost['apply'];
  readonly carryOut: (effect: Effect) => void;
  readonly resume: () => void;
}

function createRoundHost(
  ports: RoundPorts,
  context: RoundContext,
  from: { readonly round: Round; readonly events: readonly RoundEvent[]; readonly plan: Plan | null },
  start: (starting: Starting) => Promise<void>,
): RoundHost {
  const { store, engine, clock, signer, log } = ports;
  const { key } = context;
  const about = { task: key.task, run: key.run, round: key.round };
  const inTurn = createTurns();
  const events = [...from.events];
  let { round: state, plan } = from;
  let gathered: { readonly count: number; readonly evidence: Evidence } | undefined;
  let outcome: RoundOutcome | undefined;
  let closed = false;
  let cancelWake = () => {};

  function apply(event: Happening, together: (at: number) => Together = () => ({})): Promise<Rejection | undefined> {
    return inTurn(async () => {
      if (closed) return reject('round_over', 'This round is over.');
      const at = Math.max(events.at(-1)?.at ?? 0, clock.now());
      const stamped = { ...event, at } as RoundEvent;
      const next = step(state, stamped);
      if (next.refused) return next.refused;
      if (next.round !== state) {
        const entry: Entry = {
          run: key.run,
          round: key.round,
          seq: events.length,
          event: stamped,
          ...together(at),
          ...(next.round.phase === 'abandoned' && { outcome: abandonedOutcome(key.round, next.round) }),
        };
        await store.append(entry);
        outcome = entry.outcome;
        events.push(stamped);
        if (next.round.phase !== state.phase) log.info({ ...about, phase: next.round.phase }, 'round');
        state = next.round;
        context.changed();
      }
      for (const effect of next.effects) carryOut(effect);
      return undefined;
    });
  }

  /** Starts an effect. One that fails is our fault, not a device's: the round ends and the log says why. */
  function carryOut(effect: Effect): void {
    if (closed) return;
    run(effect).catch((error: unknown) => {
      if (closed) return;
      log.error({ ...about, effect: effect.do, err: error }, 'an effect of the round failed');
      apply({ type: 'failed', reason: 'stopped' }).catch((cause: unknown) =>
        log.fatal({ ...about, err: cause }, 'the round could not be ended either'),
      );
    });
  }

  async function run(effect: Effect): Promise<void> {
    switch (effect.do) {
      case 'remind':
        return context.remind();
      case 'wake':
        cancelWake();
        cancelWake = clock.at(effect.at, () => {
          apply({ type: 'clock' }).catch((error: unknown) => log.fatal({ ...about, err: error }, 'the clock failed'));
        });
        return;
      case 'make-plan':
        return planRound(state as Planning);
      case 'judge':
        return judge(state as Judging);
      case 'sum':
        return sum(state as Voting | OpeningSum);
      case 'open':
        return open(state as OpeningSum);
      case 'publish':
        return publish(state as Publishing);
      case 'finish':
        return finish();
    }
  }

  async function planRound(planning: Planning): Promise<void> {
    const certificates = await ports.memberCertificates(key.task);
    const made = await signPlan(signer, makePlan(planning, context, certificates, clock.now()));
    const { committee, deadlines } = made.signed.plan;
    const { threshold } = committee;
    const refused = await apply({ type: 'planned', planHash: made.hash, threshold, deadlines }, () => {
      plan = made.signed.plan;
      return { plan: made };
    });
    if (refused) log.warn({ ...about, code: refused.rejected }, 'a plan came too late');
  }

  async function judge({ threshold, answers, updates }: Judging): Promise<void> {
    const candidates = Object.keys(updates).sort();
    const evidence = gather();
    const verdict = await engine.judge({
      threshold,
      candidates: candidates.length,
      answers: evidence.answers.filter(({ x }) => x in answers).map(({ x, answer }) => [x, fromBase64(answer)]),
    });
    if (isRejection(verdict)) throw new InvariantError(`an accepted answer is malformed: ${verdict.message}`);
    if (verdict.kind === 'abandon') {
      const reason = verdict.reason === 'few_answers' ? 'too_few_answers' : 'too_many_bad_shares';
      await apply({ type: 'failed', reason });
      return;
    }
    const dropped = verdict.dropped.map((i) => candidates[i]!);
    if (dropped.length > 0 || verdict.steppedAside.length > 0)
      log.warn({ ...about, dropped, steppedAside: verdict.steppedAside }, 'the check left somebody out');
    await apply({ type: 'judged', dropped, steppedAside: verdict.steppedAside });
  }

  async function sum({ planHash, contributors, updates }: Voting | OpeningSum): Promise<void> {
    const { encoding } = planned();
    const hash = await engine.sum({
      profile: encoding.profile,
      coefficients: coefficientsOf(encoding),
      blobs: contributors.map((device) => uploadBlob(planHash, device, updates[device]!)),
      into: sumBlob(planHash),
    });
    if (isRejection(hash)) throw new InvariantError(`an accepted ciphertext is malformed: ${hash.message}`);
    await apply({ type: 'summed', sum: hash });
  }

  async function open({ planHash, threshold, contributors, openings }: OpeningSum): Promise<void> {
    const { encoding, model } = planned();
    const evidence = gather();
    const known = evidence.openings.filter(({ x }) => x in openings);
    const opened = await engine.open({
      planHash,
      encoding,
      threshold,
      contributors: contributors.length,
      sum: sumBlob(planHash),
      openings: known.map(({ x, shares }) => [x, fromBase64(shares)]),
      model: modelBlob(model),
      models: MODELS,
      wantsLevels: ports.onOpened !== undefined,
    });
    if (isRejection(opened)) {
      log.warn({ ...about, openings: known.map(({ x }) => x), code: opened.rejected }, 'the sum did not open');
      await apply(
        opened.rejected === 'impossible_sum'
          ? { type: 'failed', reason: 'impossible_sum' }
          : { type: 'not-opened', tried: known.length },
      );
      return;
    }
    const { metadata, blamed, levels } = opened;
    if (levels) ports.onOpened?.({ run: key.run, round: key.round, planHash, contributors, levels, encoding });
    await apply({ type: 'opened', model: opened.model, metadata, blamed }, () => ({
      model: { hash: opened.model, task: key.task },
    }));
  }

  async function publish(publishing: Publishing): Promise<void> {
    const { planHash, sum: summed, contributors, votes, model } = publishing;
    const evidence = gather();
    const [signedPlan, evaluation] = await Promise.all([store.plan(planHash), ports.evaluate(key.task, model)]);
    invariant(signedPlan && summed !== null && evidence.metadata, 'a sum was opened without plan, sum or metadata');
    const body: TranscriptBody = {
      version: 1,
      plan: signedPlan,
      candidates: [...evidence.updates.values()].map(({ record }) => record),
      answers: [...evidence.answers],
      contributors: [...contributors],
      sum: summed,
      votes: votes.toSorted((a, b) => a.x - b.x),
      openings: [...evidence.openings],
      metadata: [...evidence.metadata],
      model,
    };
    const transcript = transcriptHash(body);
    const signed = { body, signature: await signer.sign(transcriptString(transcript)) };
    const { metadata } = evidence;
    await apply({ type: 'published', transcript }, (at) => ({
      transcript: { hash: transcript, signed },
      contributors,
      outcome: publishedOutcome(publishing, {
        round: key.round,
        encoding: signedPlan.plan.encoding,
        metadata,
        evaluation,
        transcript,
        sent: contributors.map(context.sentBy),
        at,
      }),
    }));
  }

  function finish(): void {
    invariant(outcome, 'a round that is over has an outcome');
    close();
    context.ended(outcome);
  }

  function gather(): Evidence {
    if (gathered?.count !== events.length) gathered = { count: events.length, evidence: gatherEvidence(events) };
    return gathered.evidence;
  }

  function planned(): Plan {
    invariant(plan, 'this phase has a plan');
    return plan;
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
    start: () => start({ apply, carryOut, resume: resumeEffects }),
    state: () => state,
    plan: () => plan,
    apply: (event) => apply(event),
    evidence: gather,
    close,
  };
}
