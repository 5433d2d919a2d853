import {
  type Contribution,
  type ContributionEffect,
  type ContributionEvent,
  type ContributionRecord,
  contributionFrom,
  contributionStep,
} from '@sotto/fl-core/round/contribution';
import type { Dataset } from '@sotto/learner/dataset';
import { mixSeed } from '@sotto/learner/random';
import type { TrainingResult } from '@sotto/learner/training';
import type { Trainer } from '@sotto/learner/worker/client';
import { runKeyText } from '@sotto/protocol/ids';
import type { Plan } from '@sotto/protocol/plan';
import { invariant, isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { isDisagreement } from './agreements.ts';
import type { ContributingEvent } from './contributing-events.ts';
import { createOutbox } from './outbox.ts';
import { obtainModel, obtainPlan, type PlanPorts } from './plan-desk.ts';
import { createQueue } from './queue.ts';
import { tellRemembered } from './remembering.ts';
import { contributionTo } from './round-memory.ts';
import { type SealedUpdate, sealUpdate, type UpdatePorts } from './sealing/update.ts';
import { checkSpending } from './spending.ts';
import type { Transport } from './transport.ts';
import { sendUpload } from './upload.ts';
import type { Vault } from './vault.ts';

export interface ContributingPorts extends PlanPorts, UpdatePorts {
  readonly transport: Transport;
  readonly vault: Vault;
  readonly trainer: Pick<Trainer, 'train' | 'cancel'>;
  readonly data: () => Dataset | null;
  /** Kept aside to check the model on; what it shows stays on this device. */
  readonly validation: Dataset | null;
  readonly sleep: (ms: number) => Promise<void>;
  readonly onEvent: (event: ContributingEvent) => void;
}

/**
 * One go at one plan. What it learned and sealed is its own, so that nothing of a superseded, stopped or finished attempt can end up in
 * another: whatever comes of it after that is dropped.
 */
interface Attempt {
  readonly planHash: string;
  readonly plan: Plan;
  learned?: TrainingResult;
  /** Never sent from here: what is sent is read from the outbox. */
  sealed?: SealedUpdate;
}

interface Following {
  readonly effects: readonly ContributionEffect[];
  /** The durable record that the event found. */
  readonly before: ContributionRecord | null;
}

/** What may work at a second try: a thread that died, code that could not be fetched while the coordinator restarted. */
const PASSING = ['sealer_gone', 'sealing_failed', 'worker_gone', 'out_of_memory'];
const MOST_TRIES = 3;
/** No problems to show: the coordinator asks again when the line is back, and says by itself how a round ended. */
export const TOLD_ANYWAY = ['disconnected', 'round_over'];
/** Others were faster, and that is enough: no failure of anybody's. */
const UNNEEDED = ['cohort_full', 'too_late', 'plan_late'];
const RETRY_MS = 3000;

/** Runs the contributor's reducer for one run at a time: learn, seal, make durable, send. */
export function createContributing(ports: ContributingPorts) {
  const { transport, vault, trainer, onEvent, now } = ports;
  const outbox = createOutbox(vault);
  let state: Contribution | null = null;
  let runKey = '';
  let current: Attempt | null = null;
  let stops = 0;
  /** The plan whose attempts failed, and how many did. */
  let failed: { readonly planHash: string; readonly tries: number } | null = null;
  const inTurn = createQueue();

  async function asked(hash: string): Promise<Rejection | undefined> {
    const since = stops;
    const begun = await inTurn(async () => {
      const attempt = await prepare(hash);
      if (isRejection(attempt)) return attempt;
      if (since !== stops) return null;
      const following = apply({ type: 'asked', planHash: hash, round: attempt.plan.round }, attempt);
      if (!isRejection(following)) return { attempt, following };
      if (following.rejected === 'old_round') {
        // The coordinator has lost rounds: it is told where to go on.
        await tellRemembered(transport, vault, attempt.plan);
        await decline(hash);
      }
      return following;
    });
    if (begun === null) return undefined;
    if (isRejection(begun)) return begun;
    return follow(begun.attempt, begun.following);
  }

  /** Checks the plan and makes sure that the state is the one of its run. */
  async function prepare(hash: string): Promise<Attempt | Rejection> {
    const plan = await obtainPlan(hash, ports);
    if (isRejection(plan)) {
      if (isDisagreement(plan)) await decline(hash);
      return plan;
    }
    const dear = await checkSpending(vault, plan);
    if (dear) {
      await decline(hash);
      return dear;
    }
    if (plan.deadlines.upload <= now()) return reject('plan_late', 'The round no longer takes updates.');
    const key = runKeyText(plan);
    if (key !== runKey || state === null) {
      const record = await contributionTo(vault, plan);
      forget();
      runKey = key;
      state = contributionFrom(record ?? null);
    }
    return { planHash: hash, plan };
  }

  /** The others need not wait for this device. */
  async function decline(planHash: string): Promise<void> {
    await transport.request('withdraw', { planHash });
  }

  /** Drops the attempt and the state; the next plan finds what the vault says. */
  function forget(): void {
    if (state?.phase === 'learning') trainer.cancel();
    state = null;
    current = null;
  }

  /** One step of the reducer. An attempt's own events count only while it is the current one. */
  function apply(event: ContributionEvent, attempt: Attempt): Following | Rejection {
    if (state === null) return { effects: [], before: null };
    const { record: before, phase, planHash } = state;
    const step = contributionStep(state, event);
    if (step.refused) return step.refused;
    // A newer round, or a pause, supersedes what is still being learned.
    if (phase === 'learning' && step.contribution.planHash !== planHash) trainer.cancel();
    state = step.contribution;
    if (event.type === 'asked' && step.effects.length > 0) current = attempt;
    const { plan, planHash: about } = current ?? attempt;
    if (state.planHash === null) current = null;
    if (state.phase !== phase || state.planHash !== planHash)
      onEvent({ type: 'phase', phase: state.phase, plan, planHash: about });
    return { effects: step.effects, before };
  }

  /** Carries out what follows from an event, to the end. */
  async function follow(attempt: Attempt, { effects, before }: Following): Promise<undefined> {
    for (const effect of effects) {
      if (attempt !== current) return;
      const next = await carryOut(attempt, effect, before);
      if (!next || attempt !== current) continue;
      const following = apply(next, attempt);
      invariant(!isRejection(following), 'only plans are refused');
      await follow(attempt, following);
    }
  }

  async function carryOut(
    attempt: Attempt,
    effect: ContributionEffect,
    before: ContributionRecord | null,
  ): Promise<ContributionEvent | undefined> {
    switch (effect.do) {
      case 'learn':
        return outcome(attempt, await learn(attempt), 'learned');
      case 'seal':
        return outcome(attempt, await seal(attempt), 'sealed');
      case 'persist': {
        const { plan, sealed } = attempt;
        delete attempt.sealed;
        const lost = await outbox.keep(plan, effect.record, before, sealed);
        if (lost && attempt === current) {
          forget();
          onEvent({ type: 'problem', problem: lost, again: false });
        }
        return undefined;
      }
      case 'send':
        return outcome(attempt, await send(attempt), 'acknowledged');
      case 'discard':
        return undefined;
    }
  }

  function outcome(
    attempt: Attempt,
    problem: Rejection | undefined,
    done: 'learned' | 'sealed' | 'acknowledged',
  ): ContributionEvent {
    const { planHash } = attempt;
    if (!problem) return { type: done, planHash };
    if (attempt === current && UNNEEDED.includes(problem.rejected)) onEvent({ type: 'unneeded' });
    else if (attempt === current && !TOLD_ANYWAY.includes(problem.rejected)) {
      const again = PASSING.includes(problem.rejected) && tryAgain(attempt);
      onEvent({ type: 'problem', problem, again });
      // Nothing was sent, and nothing will be: training diverged, say.
      if (!again && done !== 'acknowledged') void decline(planHash);
    }
    return { type: 'gave-up', planHash };
  }

  /** The coordinator does not know that this device gave up, so it does not ask again by itself. @returns whether there will be another try */
  function tryAgain(attempt: Attempt): boolean {
    const { planHash } = attempt;
    const tries = (failed?.planHash === planHash ? failed.tries : 0) + 1;
    failed = { planHash, tries };
    const since = stops;
    if (tries >= MOST_TRIES) return false;
    void ports.sleep(RETRY_MS).then(async () => {
      if (since !== stops || failed?.planHash !== planHash || (current !== null && current !== attempt)) return;
      const refused = await asked(planHash);
      if (refused && refused.rejected !== 'disconnected') onEvent({ type: 'problem', problem: refused, again: false });
    });
    return true;
  }

  async function learn(attempt: Attempt): Promise<Rejection | undefined> {
    const { plan } = attempt;
    const { validation } = ports;
    const dataset = ports.data();
    if (!dataset || dataset.labels.length === 0)
      return reject('no_examples', 'There is nothing to learn from: add at least one example.');
    const model = await obtainModel(plan, ports);
    if (isRejection(model)) {
      if (isDisagreement(model)) await decline(attempt.planHash);
      return model;
    }
    if (attempt !== current) return stopped();
    const seed = ports.seed === null ? crypto.getRandomValues(new Uint32Array(1))[0]! : mixSeed(ports.seed, plan.round);
    try {
      const learned = await trainer.train({ model, dataset, validation, ...plan.training, seed }, (progress) => {
        if (attempt === current) onEvent({ type: 'progress', progress });
      });
      if (attempt === current) attempt.learned = learned;
      else learned.delta.fill(0);
      return undefined;
    } catch (error) {
      return reject(codeOf(error), error instanceof Error ? error.message : String(error));
    }
  }

  async function seal(attempt: Attempt): Promise<Rejection | undefined> {
    const { planHash, learned } = attempt;
    invariant(learned, 'sealing needs what was learned');
    delete attempt.learned;
    const began = now();
    const sealed = await sealUpdate(attempt, learned, ports);
    if (isRejection(sealed)) return sealed;
    if (attempt !== current) return stopped();
    const { update, norm, levels } = sealed;
    if (levels) ports.witness?.(planHash, levels);
    attempt.sealed = update;
    onEvent({ type: 'sealed', ms: now() - began, bytes: update.bytes.length, norm });
    return undefined;
  }

  /** Sends what the outbox holds, nothing else. */
  async function send(attempt: Attempt): Promise<Rejection | undefined> {
    const { planHash } = attempt;
    const sealed = await outbox.sealedFor(planHash);
    if (!sealed) return reject('outbox_empty', 'The sealed update of this round is no longer on this device.');
    const request: Transport['request'] = async (...args) =>
      attempt === current ? transport.request(...args) : stopped();
    return sendUpload({ request }, { planHash, ...sealed }, ports.sleep, (sent, total) => {
      if (attempt === current) onEvent({ type: 'sent', sent, total });
    });
  }

  return {
    asked,
    /**
     * On a new connection, while nothing is under way: takes up the update that was sent in this run, if its round may still be under
     * way. The coordinator is told the same as then: that changes nothing where it counts already, though the word of it was lost.
     */
    async recall(run: string): Promise<void> {
      if (current !== null) return;
      const record = await contributionTo(vault, { coordinator: ports.coordinator(), task: ports.task, run });
      if (!record || record.withdrawn || !(await outbox.sealedFor(record.planHash))) return;
      if (current === null) await asked(record.planHash);
    },
    /**
     * Takes the update of the present round back, which the coordinator grants until it freezes the candidates. Final for the round.
     * @returns why it could not be taken back; then it counts as before.
     */
    async withdraw(): Promise<Rejection | undefined> {
      const attempt = current;
      if (!attempt || (state?.phase !== 'sending' && state?.phase !== 'sent'))
        return reject('nothing_sent', 'There is no update of this device on its way in the present round.');
      const { planHash } = attempt;
      const answer = await transport.request('withdraw', { planHash });
      if (isRejection(answer)) return answer;
      if (attempt !== current) return undefined;
      const following = apply({ type: 'withdrawn', planHash }, attempt);
      invariant(!isRejection(following), 'only plans are refused');
      const [kept] = following.effects;
      invariant(kept?.do === 'persist', 'what is taken back is on record');
      return outbox.keep(attempt.plan, kept.record, following.before, undefined);
    },
    /** For a person who paused: the others need not wait, except for what is sealed already, which is sent. */
    async declined(hash: string): Promise<Rejection | undefined> {
      if (await outbox.sealedFor(hash)) return asked(hash);
      await decline(hash);
      return undefined;
    },
    /** Gives up what is not sealed yet, and says so, that the others need not wait. */
    async giveUp(): Promise<void> {
      stops += 1;
      if (!current || (state?.phase !== 'learning' && state?.phase !== 'sealing')) return;
      const { planHash } = current;
      apply({ type: 'gave-up', planHash }, current);
      await decline(planHash);
    },
    /** The round goes on without this device's update: what is not sealed yet need not be. */
    unneeded(): void {
      if (!current || (state?.phase !== 'learning' && state?.phase !== 'sealing')) return;
      apply({ type: 'gave-up', planHash: current.planHash }, current);
      onEvent({ type: 'unneeded' });
    },
    /** The round has ended: the attempt at it, and its sealed bytes, are no longer needed. The record stays. */
    async over(planHash: string): Promise<void> {
      if (failed?.planHash === planHash) failed = null;
      if (state && current) apply({ type: 'round-over', planHash }, current);
      await outbox.discard(planHash);
    },
    /** Stops whatever is under way; what is already recorded stays in the outbox, and is sent when it is asked for again. */
    stop(): void {
      stops += 1;
      if (current && state?.phase !== 'sent') apply({ type: 'gave-up', planHash: current.planHash }, current);
    },
    phase: (): Contribution['phase'] => state?.phase ?? 'idle',
  };
}

function stopped(): Rejection {
  return reject('stopped', 'This attempt was stopped.');
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'training_failed';
}
