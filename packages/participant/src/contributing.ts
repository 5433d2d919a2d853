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
import type { TrainingProgress, TrainingResult } from '@sotto/learner/training';
import type { Trainer } from '@sotto/learner/worker/client';
import { concat, toHex } from '@sotto/protocol/bytes';
import type { Certificate } from '@sotto/protocol/certificate';
import { runKeyText } from '@sotto/protocol/ids';
import type { Pins } from '@sotto/protocol/invite';
import type { Plan } from '@sotto/protocol/plan';
import { invariant, isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { type UpdateRecord, updateString } from '@sotto/protocol/update-record';
import type { Identity } from './identity.ts';
import { checkPlan } from './plan-check.ts';
import { fetchModel, fetchPlan } from './public-documents.ts';
import { createQueue } from './queue.ts';
import type { Sealer } from './sealing/client.ts';
import type { Transport } from './transport.ts';
import { type SealedUpload, sendUpload } from './upload.ts';
import type { Vault, Write } from './vault.ts';

export interface ContributingPorts {
  readonly transport: Transport;
  readonly vault: Vault;
  readonly trainer: Pick<Trainer, 'train' | 'cancel'>;
  readonly sealer: Pick<Sealer, 'seal'>;
  readonly identity: Identity;
  readonly pins: Pins;
  readonly task: string;
  readonly floor: number;
  readonly data: () => Dataset | null;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly coordinator: () => string;
  /** This device's certificate for role `device`, if it has one. */
  readonly certificate: () => Certificate | null;
  /** Seeds of data order and rounding in a simulation; null in the field. */
  readonly seed: number | null;
  readonly onEvent: (event: ContributingEvent) => void;
  /** Simulations only: the levels that were sealed, to compare the opened sum with. */
  readonly witness?: (planHash: string, levels: Int32Array) => void;
}

export type ContributingEvent =
  | { readonly type: 'phase'; readonly phase: Contribution['phase']; readonly plan: Plan; readonly planHash: string }
  | { readonly type: 'progress'; readonly progress: TrainingProgress }
  | { readonly type: 'sealed'; readonly ms: number; readonly bytes: number; readonly norm: number }
  | { readonly type: 'sent'; readonly sent: number; readonly total: number }
  | { readonly type: 'problem'; readonly problem: Rejection };

interface OutboxEntry {
  readonly record: UpdateRecord;
  readonly bytes: Uint8Array;
}

/** Runs the contributor's reducer for one run at a time: learn, seal, make durable, send. */
export function createContributing(ports: ContributingPorts) {
  const { transport, vault, trainer, sealer, identity, onEvent, now } = ports;
  let state: Contribution | null = null;
  let runKey = '';
  let plan: Plan | null = null;
  let learned: TrainingResult | null = null;
  let upload: SealedUpload | null = null;
  const inTurn = createQueue();

  async function asked(hash: string): Promise<Rejection | undefined> {
    const offered = await inTurn(() => prepare(hash));
    return isRejection(offered) ? offered : dispatch({ type: 'asked', planHash: hash, round: offered.round }, offered);
  }

  /** Checks the plan and makes sure that the state is the one of its run. */
  async function prepare(hash: string): Promise<Plan | Rejection> {
    const signed = await fetchPlan(transport, hash);
    if (isRejection(signed)) return signed;
    const { pins, task, floor, coordinator } = ports;
    const refused = await checkPlan(signed, { hash, coordinator: coordinator(), task, pins, floor, now: now() });
    if (refused) return refused;
    if (signed.plan.deadlines.upload <= now()) return reject('plan_late', 'The round no longer takes updates.');
    const key = runKeyText(signed.plan);
    if (key !== runKey || state === null) {
      const record = (await vault.get('contributions', key)) as ContributionRecord | undefined;
      if (state?.phase === 'learning') trainer.cancel();
      runKey = key;
      state = contributionFrom(record ?? null);
    }
    return signed.plan;
  }

  /** Applies one event and carries out what follows from it, to the end. */
  async function dispatch(event: ContributionEvent, offered?: Plan): Promise<Rejection | undefined> {
    if (state === null) return undefined;
    const step = contributionStep(state, event);
    if (step.refused) return step.refused;
    // A newer round supersedes what is still being learned for an older one.
    if (state.phase === 'learning' && step.contribution.planHash !== state.planHash) trainer.cancel();
    const changed = step.contribution.phase !== state.phase || step.contribution.planHash !== state.planHash;
    state = step.contribution;
    if (offered && step.effects.length > 0) plan = offered;
    if (changed && plan && state.planHash !== null)
      onEvent({ type: 'phase', phase: state.phase, plan, planHash: state.planHash });
    for (const effect of step.effects) {
      const next = await carryOut(effect);
      if (next) await dispatch(next);
    }
    return undefined;
  }

  async function carryOut(effect: ContributionEffect): Promise<ContributionEvent | undefined> {
    switch (effect.do) {
      case 'learn':
        return orGiveUp(effect.planHash, await learn(effect.planHash), { type: 'learned', planHash: effect.planHash });
      case 'seal':
        return orGiveUp(effect.planHash, await seal(effect.planHash), { type: 'sealed', planHash: effect.planHash });
      case 'persist': {
        const { record } = effect;
        const writes: Write[] = [{ table: 'contributions', key: runKey, value: record }];
        if (!record.sent && upload?.planHash === record.planHash) {
          const { planHash: _, ...entry } = upload;
          writes.push({ table: 'outbox', key: record.planHash, value: entry });
        }
        await vault.write(writes);
        return undefined;
      }
      case 'send':
        return orGiveUp(effect.planHash, await send(effect.planHash), {
          type: 'acknowledged',
          planHash: effect.planHash,
        });
      case 'discard':
        if (upload?.planHash === effect.planHash) upload = null;
        await vault.write([{ table: 'outbox', key: effect.planHash, remove: true }]);
        return undefined;
    }
  }

  async function learn(hash: string): Promise<Rejection | undefined> {
    invariant(plan, 'learning needs a plan');
    const dataset = ports.data();
    if (!dataset || dataset.labels.length === 0)
      return reject('no_examples', 'There is nothing to learn from: add at least one example.');
    const model = await fetchModel(transport, plan.model);
    if (isRejection(model)) return model;
    const seed = ports.seed === null ? crypto.getRandomValues(new Uint32Array(1))[0]! : mixSeed(ports.seed, plan.round);
    try {
      learned = await trainer.train({ model, dataset, ...plan.training, seed }, (progress) => {
        if (state?.planHash === hash) onEvent({ type: 'progress', progress });
      });
      return undefined;
    } catch (error) {
      return reject(codeOf(error), error instanceof Error ? error.message : String(error));
    }
  }

  async function seal(hash: string): Promise<Rejection | undefined> {
    invariant(plan && learned, 'sealing needs what was learned');
    const { delta, examples, correct, lossSum } = learned;
    learned = null;
    const began = now();
    const sealed = await sealer.seal({
      plan,
      device: identity.device,
      result: { delta, examples, correct, lossSum },
      roundingSeed: ports.seed === null ? null : mixSeed(ports.seed, ~plan.round),
      witness: ports.witness !== undefined,
    });
    if (isRejection(sealed)) return sealed;
    if (sealed.levels) ports.witness?.(hash, sealed.levels);
    const unsigned = {
      key: identity.publicKey,
      ciphertext: toHex(sealed.ciphertextHash),
      boxes: sealed.boxHashes.map(toHex),
    };
    const signature = await identity.sign(updateString(hash, unsigned));
    const bytes = concat([sealed.ciphertext, ...sealed.boxes]);
    upload = { planHash: hash, record: { ...unsigned, certificate: ports.certificate(), signature }, bytes };
    onEvent({ type: 'sealed', ms: now() - began, bytes: sealed.ciphertext.length, norm: sealed.norm });
    return undefined;
  }

  async function send(hash: string): Promise<Rejection | undefined> {
    if (upload?.planHash !== hash) {
      const entry = (await vault.get('outbox', hash)) as OutboxEntry | undefined;
      if (!entry) return reject('outbox_empty', 'The sealed update of this round is no longer on this device.');
      upload = { planHash: hash, ...entry };
    }
    return sendUpload(transport, upload, ports.sleep, (sent, total) => onEvent({ type: 'sent', sent, total }));
  }

  function orGiveUp(planHash: string, problem: Rejection | undefined, done: ContributionEvent): ContributionEvent {
    if (!problem) return done;
    // A lost connection is no problem to show: the coordinator asks again when it is back, and sending goes on.
    if (problem.rejected !== 'disconnected') onEvent({ type: 'problem', problem });
    return { type: 'gave-up', planHash };
  }

  return {
    asked,
    over: (planHash: string): Promise<Rejection | undefined> => dispatch({ type: 'round-over', planHash }),
    /** Stops learning; what is already sealed stays in the outbox. */
    stop(): void {
      if (state?.phase === 'learning') trainer.cancel();
    },
    phase: (): Contribution['phase'] => state?.phase ?? 'idle',
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'training_failed';
}
