import { listHash } from '@sotto/protocol/update-record';
import type {
  AbandonReason,
  Checking,
  Collecting,
  Effect,
  Member,
  OpeningSum,
  Round,
  Step,
  Summoning,
} from './round.ts';

/** What the slow ones get in any case: a share of the time for uploads, and of a long one no more than this. */
const LEAST_GRACE = 1 / 20;
const MOST_LEAST_GRACE_MS = 5000;

/** Moves on as far as what is known and the time allow, and asks to be woken when time alone may change that. */
export function settle(round: Round, now: number, effects: readonly Effect[]): Step {
  switch (round.phase) {
    case 'summoning': {
      const { setup, keys } = round;
      const deadline = endOf(round, setup.durations.keysMs);
      const waiting = setup.seats.filter((device) => !(device in keys) && !goneFor(round, device, now));
      if (waiting.length > 0 && now < deadline && preferredSeatsOpen(round))
        return { round, effects: [...effects, wake(round, now, deadline, setup.seats)] };
      const members = setup.seats.flatMap((device) => keys[device] ?? []).slice(0, setup.committee.most);
      if (members.length < setup.committee.least) {
        if (now < deadline) return { round, effects: [...effects, { do: 'wake', at: deadline }] };
        return abandon(round, 'too_few_members', now);
      }
      return plan(round, members, now);
    }
    case 'collecting': {
      const { setup, updates, withdrawn } = round;
      const deadline = endOf(round, setup.durations.uploadMs);
      const count = Object.keys(updates).length;
      const waiting = setup.cohort.filter((device) => !(device in updates) && !withdrawn.includes(device));
      const coming = waiting.filter((device) => !goneFor(round, device, now));
      const hopeless = waiting.length + count < setup.minimumCohort;
      if (waiting.length === 0 || hopeless || count >= setup.nMax || now >= deadline) return freeze(round, now);
      const reliable = coming.some((device) => !setup.unreliable.includes(device));
      if (count < setup.minimumCohort || (count < setup.quorum && reliable)) {
        const open = round.enoughAt === null ? round : { ...round, enoughAt: null };
        return { round: open, effects: [...effects, wake(round, now, deadline, waiting)] };
      }
      if (coming.length === 0) return freeze(round, now);
      const enoughAt = round.enoughAt ?? now;
      const end = Math.min(deadline, enoughAt + graceOf(round, enoughAt));
      if (now >= end) return freeze(round, now);
      const open = round.enoughAt === enoughAt ? round : { ...round, enoughAt };
      return { round: open, effects: [...effects, wake(round, now, end, waiting)] };
    }
    case 'checking': {
      const waiting = round.committee.filter((device, i) => !(i + 1 in round.answers) && !goneFor(round, device, now));
      const count = Object.keys(round.answers).length;
      const deadline = endOf(round, round.setup.durations.checkMs);
      const over = now >= deadline;
      if (!over && (waiting.length > 0 || count < round.threshold))
        return { round, effects: [...effects, wake(round, now, deadline, round.committee)] };
      if (count < round.threshold) return abandon(round, 'too_few_answers', now);
      return { round: { ...round, phase: 'judging', began: began(round, 'judging', now) }, effects: [{ do: 'judge' }] };
    }
    case 'voting': {
      const deadline = endOf(round, round.setup.durations.voteMs);
      if (round.votes.length >= round.threshold) {
        const opening: OpeningSum = {
          ...round,
          phase: 'opening',
          openings: {},
          trying: 0,
          failed: 0,
          began: began(round, 'opening', now),
        };
        return settle(opening, now, [...effects, { do: 'remind' }]);
      }
      if (now >= deadline) return abandon(round, 'too_few_votes', now);
      return { round, effects: [...effects, { do: 'wake', at: deadline }] };
    }
    case 'opening': {
      const deadline = endOf(round, round.setup.durations.openMs);
      const count = Object.keys(round.openings).length;
      if (round.trying > 0) return { round, effects };
      if (count >= round.threshold && count > round.failed) {
        // Members have done their part: a sum of ours that is late must not cost the round.
        if (round.sum === null) return { round, effects };
        return { round: { ...round, trying: count }, effects: [...effects, { do: 'open' }] };
      }
      if (now >= deadline) return abandon(round, round.failed > 0 ? 'sum_not_openable' : 'too_few_openings', now);
      return { round, effects: [...effects, { do: 'wake', at: deadline }] };
    }
    default:
      return { round, effects };
  }
}

/** False once as many of the most preferred seats as the committee has places have answered: waiting longer changes nothing. */
function preferredSeatsOpen({ setup, keys }: Summoning): boolean {
  return setup.seats.slice(0, setup.committee.most).some((device) => !(device in keys));
}

function plan(round: Summoning, members: readonly Member[], now: number): Step {
  const { keys: _, ...common } = round;
  return {
    round: { ...common, phase: 'planning', members, began: began(round, 'planning', now) },
    effects: [{ do: 'make-plan' }],
  };
}

/** What the slow ones get once there are enough updates: as long as that took, but not next to nothing. */
function graceOf({ began, setup }: Collecting, enoughAt: number): number {
  const least = Math.min(Math.ceil(setup.durations.uploadMs * LEAST_GRACE), MOST_LEAST_GRACE_MS);
  return Math.max(enoughAt - began.collecting!, least);
}

function freeze(round: Collecting, now: number): Step {
  const listed = Object.entries(round.updates).map(([device, digest]) => ({ device, digest }));
  if (listed.length < round.setup.minimumCohort) return abandon(round, 'too_few_updates', now);
  const { enoughAt: _, ...collected } = round;
  const checking: Checking = {
    ...collected,
    phase: 'checking',
    candidatesHash: listHash(listed),
    answers: {},
    began: began(round, 'checking', now),
  };
  return settle(checking, now, [{ do: 'remind' }]);
}

/** The round ends without a result. */
export function abandon(round: Round, reason: AbandonReason, now: number): Step {
  const { setup, absent } = round;
  return {
    round: {
      phase: 'abandoned',
      setup,
      absent,
      reason,
      planHash: 'planHash' in round ? round.planHash : null,
      contributorsHash: 'contributorsHash' in round ? round.contributorsHash : null,
      opened: round.phase === 'opened' || ('openings' in round && Object.keys(round.openings).length > 0),
      began: began(round, 'abandoned', now),
    },
    effects: [{ do: 'conclude' }],
  };
}

/** A device that left comes back or does not: after `returnMs` nobody waits for it before the deadline. */
function goneFor({ absent, setup }: Round, device: string, now: number): boolean {
  const since = absent[device];
  return since !== undefined && now - since >= setup.durations.returnMs;
}

/** A phase that began early ends early: the plan's absolute deadlines are what devices hold us to, these are what we wait. */
function endOf({ began, phase }: Round, durationMs: number): number {
  return began[phase]! + durationMs;
}

function wake({ absent, setup }: Round, now: number, deadline: number, waiting: readonly string[]): Effect {
  // The last of the absent to be given up may be all the round still waits for.
  const givenUp = waiting.flatMap((device) => (device in absent ? [absent[device]! + setup.durations.returnMs] : []));
  return { do: 'wake', at: Math.min(deadline, ...givenUp.filter((at) => at > now)) };
}

/** When each phase began, with the one that begins now. */
export function began(round: Round, phase: string, now: number): Record<string, number> {
  return { ...round.began, [phase]: now };
}
