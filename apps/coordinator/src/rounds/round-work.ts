import type { Judging, OpeningSum, Planning, Voting } from '@sotto/fl-core/round/round';
import { fromBase64 } from '@sotto/protocol/base64';
import { coefficientsOf, type Plan } from '@sotto/protocol/plan';
import { InvariantError, invariant, isRejection, type Rejection } from '@sotto/protocol/rejection';
import { longestRoundMs } from '@sotto/protocol/run';
import type { Engine, OpenRequest } from '../aggregation/engine.ts';
import { sumBlob, uploadBlob } from '../aggregation/upload-layout.ts';
import type { Entry } from '../store/round-log.ts';
import type { Evidence } from './evidence.ts';
import { makePlan as planFor, signPlan } from './plan-making.ts';
import type { Happening, PartContext, RoundPorts } from './round-ports.ts';

/** What the work of a round sees of it, and how it says that it is done. */
export interface RoundView {
  readonly gather: () => Evidence;
  readonly plan: () => Plan | null;
  readonly apply: (event: Happening, made?: Entry['plan']) => Promise<Rejection | undefined>;
}

/**
 * The coordinator's own work in a part of a round, one function an effect. Each reads what is stored and ends in an event, and each may be done
 * again after a crash: the same comes out.
 */
export function createRoundWork(ports: RoundPorts, context: PartContext, { gather, plan, apply }: RoundView) {
  const { engine, clock, signer, log } = ports;
  const { key } = context;
  const about = { task: key.task, run: key.run, round: key.round, ...(key.group > 0 && { group: key.group }) };

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
    const refused = await apply({ type: 'planned', planHash: made.hash, threshold, deadlines }, made);
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
    const { encoding } = planned();
    const known = gather().openings.filter(({ x }) => x in openings);
    const wantsLevels = ports.onOpened !== undefined;
    const opened = await openSum(engine, { planHash, encoding, threshold, contributors, openings: known, wantsLevels });
    if (isRejection(opened)) {
      log.warn({ ...about, openings: known.map(({ x }) => x), code: opened.rejected }, 'the sum did not open');
      await apply(
        opened.rejected === 'impossible_sum'
          ? { type: 'failed', reason: 'impossible_sum' }
          : { type: 'not-opened', tried: known.length },
      );
      return;
    }
    const { mean, metadata, blamed, levels } = opened;
    const { run, round, group } = key;
    if (levels) ports.onOpened?.({ run, round, group, planHash, contributors, levels, encoding });
    await apply({ type: 'opened', mean, metadata, blamed });
  }

  function planned(): Plan {
    const made = plan();
    invariant(made, 'this phase has a plan');
    return made;
  }

  return { makePlan, judge, sum, open };
}

/** Opens the stored sum over U with these openings. */
export function openSum(
  engine: Engine,
  {
    contributors,
    openings,
    ...request
  }: Pick<OpenRequest, 'planHash' | 'encoding' | 'threshold' | 'wantsLevels'> & {
    readonly contributors: readonly string[];
    readonly openings: Evidence['openings'];
  },
): ReturnType<Engine['open']> {
  return engine.open({
    ...request,
    contributors: contributors.length,
    sum: sumBlob(request.planHash),
    openings: openings.map(({ x, shares }) => [x, fromBase64(shares)]),
  });
}
