import type { HeldOut as Measured } from '@sotto/fl-core/gate';
import type { Abandoned, Opened } from '@sotto/fl-core/round/round';
import type { SignedPlan } from '@sotto/protocol/plan';
import { invariant } from '@sotto/protocol/rejection';
import type { RunConfig } from '@sotto/protocol/run';
import type { HeldOut, OpenedPart, RoundBody } from '@sotto/protocol/transcript';
import type { Evidence } from './evidence.ts';
import type { Trial } from './outcome.ts';

/** What was said and decided in one opened part. */
interface RecordedPart {
  readonly signedPlan: SignedPlan;
  readonly round: Opened;
  readonly evidence: Evidence;
  /** SHA-256 of its mean. */
  readonly mean: string;
  readonly trial: Trial | undefined;
}

/** The public record of a round that is published. */
export function transcriptBodyOf(about: {
  readonly opened: readonly RecordedPart[];
  readonly unopened: readonly { readonly group: number; readonly round: Abandoned }[];
  readonly config: Pick<RunConfig, 'strategy' | 'groups' | 'robust' | 'guard'>;
  readonly heldOut: Readonly<Record<keyof RoundBody['heldOut'], Measured>>;
  readonly mean: string;
  readonly state: RoundBody['state'];
  readonly model: string;
}): RoundBody {
  const { strategy, groups, robust, guard } = about.config;
  const { mean, state, model, heldOut } = about;
  return {
    version: 2,
    parts: about.opened.map(partOf),
    unopened: about.unopened.map(({ group, round: { planHash, reason } }) => ({ group, plan: planHash, reason })),
    strategy,
    groups,
    robust,
    guard,
    heldOut: { before: told(heldOut.before), best: told(heldOut.best), after: told(heldOut.after) },
    mean,
    state,
    model,
  };
}

function partOf({ signedPlan, round, evidence, mean, trial }: RecordedPart): OpenedPart {
  invariant(round.sum !== null && evidence.metadata, 'a sum was opened without sum or metadata');
  return {
    plan: signedPlan,
    candidates: [...evidence.updates.values()].map(({ record }) => record),
    answers: [...evidence.answers],
    contributors: [...round.contributors],
    sum: round.sum,
    votes: round.votes.toSorted((a, b) => a.x - b.x),
    openings: [...evidence.openings],
    metadata: [...evidence.metadata],
    mean,
    alone: trial ? told(trial) : null,
    kept: trial?.kept ?? true,
  };
}

/** JSON has no infinity. */
function told({ accuracy, loss }: Measured): HeldOut {
  return { accuracy, loss: Number.isFinite(loss) ? loss : null };
}
