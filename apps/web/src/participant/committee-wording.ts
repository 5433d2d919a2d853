import type { Pins } from '@sotto/protocol/invite';
import type { Committee } from '@sotto/protocol/plan';
import type { RunConfig } from '@sotto/protocol/run';

export interface CommitteeWords {
  readonly opens: string;
  readonly limit: string;
  /** Against a coordinator that lies too. */
  readonly protectedFromLies: boolean;
}

/** Who opens the sum, and against whom that protects. Claims no more than the protocol does: a pinned study key or nothing. */
export function describeCommittee(
  pins: Pins,
  committee: Pick<Committee, 'members' | 'threshold'> | null,
  planned: RunConfig['committee'] | null,
): CommitteeWords {
  const who = committee
    ? `A committee of ${committee.members.length} devices opens the sum of all updates, and only the sum: ${committee.threshold} of them must agree.`
    : 'A committee of devices opens the sum of all updates, and only the sum: more than two thirds of them must agree.';
  if (pins.studyKey)
    return {
      opens: who,
      limit:
        'Its members carry certificates of the study key in your link. This device refuses any other committee, so a coordinator that lies cannot invent one.',
      protectedFromLies: true,
    };
  return {
    opens: `${who} ${planned === 'named' ? 'The study has named them.' : 'They are drawn from the devices that take part.'}`,
    limit:
      'Your link names no study key, so the coordinator could invent the committee’s members. You are protected against a coordinator that follows the protocol; not against one that cheats.',
    protectedFromLies: false,
  };
}
