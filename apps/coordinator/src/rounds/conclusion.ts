import { type HeldOut, isMadeWorse, keptGroups } from '@sotto/fl-core/gate';
import { updatesOf } from '@sotto/fl-core/ranges';
import type { Abandoned, AbandonReason, Opened } from '@sotto/fl-core/round/round';
import type { Plan, SignedPlan } from '@sotto/protocol/plan';
import { InvariantError, invariant, isRejection } from '@sotto/protocol/rejection';
import type { Robust } from '@sotto/protocol/robustness';
import { transcriptHash, transcriptString } from '@sotto/protocol/transcript';
import { MEANS, MODELS, meanBlob, modelBlob } from '../aggregation/upload-layout.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { Conclusion } from '../store/round-log.ts';
import type { Spending } from './budget.ts';
import type { Evidence } from './evidence.ts';
import {
  abandonedOutcome,
  countOf,
  isSeen,
  type OpenedPart,
  openedGroupOf,
  publishedOutcome,
  type Trials,
} from './outcome.ts';
import type { PlanTerms } from './plan-making.ts';
import type { RoundPorts } from './round-ports.ts';
import { openSum } from './round-work.ts';
import { transcriptBodyOf } from './transcript-making.ts';

export interface ConclusionPorts extends RoundPorts {
  readonly blobs: Blobs;
}

/** What a round goes on from, and what its outcome tells besides. */
export interface ConclusionTerms extends PlanTerms {
  /** SHA-256 of what the run's strategy remembers; null where it keeps nothing. */
  readonly state: string | null;
  /** On the held-out examples: the model before, and the best that the run has published; as long as it has none, that it began with. */
  readonly before: HeldOut;
  readonly best: HeldOut;
  /** What the outcome says of the cost of sums that any member helped to open, by their plans. */
  readonly spendingOf: (opened: readonly Plan[]) => Spending;
  /** Bytes a device has sent in this round. */
  readonly sentBy: (device: string) => number;
}

/** A part of which nothing more comes by itself. */
export interface EndedPart {
  readonly group: number;
  readonly round: Opened | Abandoned;
  /** Null until there was one. */
  readonly plan: Plan | null;
  readonly evidence: Evidence;
  /** How many events it has, and when the last of them happened. */
  readonly last: { readonly count: number; readonly at: number };
}

interface OpenPart extends OpenedPart {
  readonly signedPlan: SignedPlan;
  readonly evidence: Evidence;
  /** SHA-256 of its mean, which is there. */
  readonly mean: string;
}

export interface Concluded {
  readonly conclusion: Conclusion;
  /** SHA-256 of means that nobody needs any more once that is stored. */
  readonly means: readonly string[];
}

/**
 * What comes of a round whose parts are all over: the means of those that were opened become one, the strategy makes the next model of
 * it, and the round is published, unless too few were opened or the model is much worse than the best so far. Everything follows from what
 * is stored, so it may be done again and the same comes out, but for the time. Nothing of it is written down yet.
 */
export async function concludeRound(
  ports: ConclusionPorts,
  terms: ConclusionTerms,
  parts: readonly EndedPart[],
): Promise<Concluded> {
  const { store, engine, blobs, signer, clock } = ports;
  const { config, task, model, key } = terms;
  const least = config.groups?.least ?? 1;
  const spending = terms.spendingOf(parts.flatMap((part) => (isSeen(part) && part.plan) || []));
  const at = Math.max(clock.now(), ...parts.map(({ last }) => last.at));

  const open: OpenPart[] = [];
  for (const { group, round, evidence } of parts)
    if (round.phase === 'opened') open.push(await openPart(group, round, evidence));
  if (open.length < least)
    return abandoned(
      whyTooFew(parts.map(({ round }) => (round.phase === 'abandoned' ? round.reason : null))),
      new Map(),
    );
  const trials: Trials = config.robust?.gate ? await tryEach(open, config.robust) : new Map();
  const kept = open.filter(({ group }) => trials.get(group)?.kept ?? true);
  if (kept.length < least) return abandoned('made_worse', trials);
  const { encoding, training } = open[0]!.plan;
  const { clip } = encoding;
  const { mean } = await engine.combine({
    means: kept.map((part) => part.mean),
    weights: kept.map(weightOf),
    robust: config.robust,
    clip,
  });
  const { strategy } = config;
  const made = await engine.step({ model, models: MODELS, mean, strategy, state: terms.state, clip });
  const evaluation = await ports.evaluate(task.id, modelBlob(made.model));
  if (isMadeWorse(terms.best, evaluation, config.guard, terms.previous === null))
    return abandoned('made_worse', trials);

  const body = transcriptBodyOf({
    opened: open.map((part) => ({ ...part, trial: trials.get(part.group) })),
    unopened: parts.flatMap(({ group, round }) => (round.phase === 'abandoned' ? { group, round } : [])),
    config,
    heldOut: { before: terms.before, best: terms.best, after: evaluation },
    mean,
    state: { before: terms.state, after: made.state },
    model: made.model,
  });
  const transcript = transcriptHash(body);
  const signature = await signer.sign(transcriptString(transcript));
  const contributors = open.flatMap(({ round }) => round.contributors);
  const sent = contributors.map(terms.sentBy);
  const conclusion: Conclusion = {
    ...concluded({ type: 'published', transcript }),
    model: { hash: made.model, task: task.id },
    transcript: { hash: transcript, signed: { body, signature } },
    contributors,
    outcome: publishedOutcome(parts, open, {
      round: key.round,
      model: made.model,
      state: made.state,
      norm: made.norm,
      learningRate: training.optimizer.learningRate,
      ...updatesOf(open.map(openedGroupOf), made.peaks),
      evaluation,
      transcript,
      trials,
      sent,
      spending,
      at,
    }),
  };
  return { conclusion, means: [...open.map((part) => part.mean), mean] };

  /** A mean may be gone, or was never written by a coordinator of old: then the sum is opened again. */
  async function openPart(group: number, round: Opened, evidence: Evidence): Promise<OpenPart> {
    const { planHash, threshold, contributors, mean } = round;
    const signedPlan = await store.plan(planHash);
    const { metadata, openings } = evidence;
    invariant(signedPlan && metadata, 'a sum was opened without a plan or metadata');
    const { plan } = signedPlan;
    const found = { group, round, signedPlan, plan, evidence, metadata };
    if (mean !== null && (await blobs.size(meanBlob(mean))) !== undefined) return { ...found, mean };
    const request = { planHash, encoding: plan.encoding, threshold, contributors, openings, wantsLevels: false };
    const again = await openSum(engine, request);
    if (isRejection(again)) throw new InvariantError(`a sum that was open does not open again: ${again.message}`);
    return { ...found, mean: again.mean };
  }

  /** Each group alone, on the held-out examples. */
  async function tryEach(groups: readonly OpenPart[], robust: Robust): Promise<Trials> {
    const evaluations: HeldOut[] = [];
    for (const { mean, plan } of groups) {
      const alone = { model, mean, strategy: { name: 'FedAvg' }, state: null, clip: plan.encoding.clip } as const;
      const trial = await engine.step({ ...alone, models: MEANS });
      evaluations.push(await ports.evaluate(task.id, meanBlob(trial.model)));
      await blobs.remove(meanBlob(trial.model));
    }
    const stays = keptGroups(evaluations, terms.before, robust);
    return new Map(groups.map(({ group }, i) => [group, { ...evaluations[i]!, kept: stays[i]! }]));
  }

  function abandoned(reason: AbandonReason, trials: Trials): Concluded {
    const conclusion: Conclusion = {
      ...concluded({ type: 'failed', reason }),
      contributors: [],
      outcome: abandonedOutcome(parts, { round: key.round, reason, trials, spending, at }),
    };
    return { conclusion, means: open.map(({ mean }) => mean) };
  }

  function concluded(
    last:
      | { readonly type: 'published'; readonly transcript: string }
      | { readonly type: 'failed'; readonly reason: AbandonReason },
  ): Pick<Conclusion, 'run' | 'round' | 'entries'> {
    const waiting = parts.filter(({ round }) => round.phase === 'opened');
    const entries = waiting.map(({ group, last: { count } }) => ({ group, seq: count, event: { ...last, at } }));
    return { run: key.run, round: key.round, entries };
  }
}

/** Of why each part was abandoned, null for one that was not: a person's decision before anything else; one reason where there is only one. */
export function whyTooFew<Reason extends string>(parts: readonly (Reason | null)[]): Reason | 'too_few_groups' {
  const decided = parts.find((reason) => reason === 'paused' || reason === 'stopped');
  if (decided) return decided;
  const [first = null, ...others] = new Set(parts);
  return first !== null && others.length === 0 ? first : 'too_few_groups';
}

/** Its examples; where these are not opened, its contributors. */
function weightOf(part: OpenPart): number {
  return countOf(part, 'examples') || part.round.contributors.length;
}
