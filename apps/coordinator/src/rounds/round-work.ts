import type { Judging, OpeningSum, Planning, Publishing, Voting } from '@sotto/fl-core/round/round';
import { fromBase64 } from '@sotto/protocol/base64';
import { coefficientsOf, type Plan } from '@sotto/protocol/plan';
import { InvariantError, invariant, isRejection, type Rejection } from '@sotto/protocol/rejection';
import { longestRoundMs } from '@sotto/protocol/run';
import { type TranscriptBody, transcriptHash, transcriptString } from '@sotto/protocol/transcript';
import { sumBlob, uploadBlob } from '../aggregation/upload-layout.ts';
import type { Evidence } from './evidence.ts';
import { publishedOutcome } from './outcome.ts';
import { makePlan as planFor, signPlan } from './plan-making.ts';
import type { Happening, RoundContext, RoundPorts, Together } from './round-ports.ts';

/** What the work of a round sees of it, and how it says that it is done. */
export interface RoundView {
  readonly gather: () => Evidence;
  readonly plan: () => Plan | null;
  readonly apply: (event: Happening, together?: (at: number) => Together) => Promise<Rejection | undefined>;
}

/**
 * The coordinator's own work in a round, one function an effect. Each reads what is stored and ends in an event, and each may be done
 * again after a crash: the same comes out.
 */
export function createRoundWork(ports: RoundPorts, context: RoundContext, { gather, plan, apply }: RoundView) {
  const { store, engine, clock, signer, log } = ports;
  const { key } = context;
  const about = { task: key.task, run: key.run, round: key.round };

  async function makePlan(planning: Planning): Promise<void> {
    const { startedAt, durations } = planning.setup;
    const certificates = await ports.memberCertificates(key.task, startedAt + longestRoundMs(durations));
    const plan = planFor(planning, context, certificates, clock.now());
    // Devices refuse a plan that its members' keys do not outlive; after a restart it may be too late for it.
    if (planning.members.some(({ oneTime }) => oneTime.expiry < plan.deadlines.open)) {
      await apply({ type: 'failed', reason: 'planned_too_late' });
      return;
    }
    const made = await signPlan(signer, plan);
    const { committee, deadlines } = made.signed.plan;
    const { threshold } = committee;
    const refused = await apply({ type: 'planned', planHash: made.hash, threshold, deadlines }, () => ({ plan: made }));
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
    const stepped = await engine.step({
      model,
      mean: opened.mean,
      strategy: context.config.strategy,
      state: context.state,
      clip: encoding.clip,
    });
    await apply({ type: 'opened', model: stepped.model, metadata, blamed }, () => ({
      model: { hash: stepped.model, task: key.task },
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
        plan: signedPlan.plan,
        metadata,
        evaluation,
        transcript,
        sent: contributors.map(context.sentBy),
        spending: context.spendingOf([signedPlan.plan]),
        at,
      }),
    }));
  }

  function planned(): Plan {
    const made = plan();
    invariant(made, 'this phase has a plan');
    return made;
  }

  return { makePlan, judge, sum, open, publish };
}
