import type { RoundKey } from '@sotto/protocol/ids';
import type { Duty } from '@sotto/protocol/messages';
import { longestRoundMs } from '@sotto/protocol/run';
import type { Round } from './round.ts';

/** What one device still owes this round. Follows from the state alone: told at every change and again at every connect. */
export function dutiesOf(round: Round, key: RoundKey, device: string): Duty[] {
  switch (round.phase) {
    case 'summoning':
      if (!round.setup.seats.includes(device) || device in round.keys) return [];
      return [{ kind: 'one-time-key', round: key, expiry: oneTimeKeyExpiry(round) }];
    case 'collecting':
      if (!round.setup.cohort.includes(device) || device in round.updates || round.withdrawn.includes(device))
        return [];
      return [{ kind: 'contribute', planHash: round.planHash }];
    case 'checking':
      if (!seated(round.committee, device, (x) => !(x in round.answers))) return [];
      return [{ kind: 'check', planHash: round.planHash, candidates: round.candidatesHash }];
    case 'voting':
      if (!seated(round.committee, device, (x) => mayGoOn(round, x) && !round.votes.some((vote) => vote.x === x)))
        return [];
      return [{ kind: 'vote', planHash: round.planHash, contributors: [...round.contributors] }];
    case 'opening':
      if (!seated(round.committee, device, (x) => mayGoOn(round, x) && !(x in round.openings))) return [];
      return [
        // A member that has not voted votes first; only then may it open.
        ...(seated(round.committee, device, (x) => !round.votes.some((vote) => vote.x === x))
          ? [{ kind: 'vote' as const, planHash: round.planHash, contributors: [...round.contributors] }]
          : []),
        { kind: 'open', planHash: round.planHash, contributors: round.contributorsHash, votes: [...round.votes] },
      ];
    default:
      return [];
  }
}

/** The one-time keys of a round outlive its last deadline by little: by as much as planning may take. */
export function oneTimeKeyExpiry({ setup: { startedAt, durations } }: Round): number {
  return startedAt + longestRoundMs(durations) + 60_000;
}

function seated(committee: readonly string[], device: string, owes: (x: number) => boolean): boolean {
  const x = committee.indexOf(device) + 1;
  return x > 0 && owes(x);
}

/** Only a member that checked may vote and open. */
function mayGoOn(
  round: { answers: Readonly<Record<number, string>>; steppedAside: readonly number[] },
  x: number,
): boolean {
  return x in round.answers && !round.steppedAside.includes(x);
}
