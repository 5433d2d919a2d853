import type { Pins } from '@sotto/protocol/invite';
import type { Committee } from '@sotto/protocol/plan';

/** One thing to know before joining; `good` where it protects, otherwise a limit. */
export interface Statement {
  readonly good: boolean;
  readonly text: string;
}

/**
 * Who can open what, against whom that protects, and what it does not. Claims no more than the protocol does (docs/THREAT-MODEL.md):
 * without a pinned study key, protection is against a coordinator that follows the protocol only.
 */
export function describeProtection(
  { studyKey, admission }: Pins,
  committee: Pick<Committee, 'members' | 'threshold'> | null,
): Statement[] {
  const who = committee
    ? `A committee of ${committee.members.length} devices opens the sum of all updates; ${committee.threshold} of them must agree.`
    : 'A committee of devices opens the sum of all updates; more than two thirds of them must agree.';
  const sum = `${who} While the coordinator follows the protocol, no update is opened on its own unless that many of them conspire.`;
  // A coordinator that cheats asks t members for one sum and t for another: 2t − m of them must play both games.
  const accomplices = committee
    ? `${2 * committee.threshold - committee.members.length} of its members`
    : 'more than a third of its members';
  const always = [
    {
      good: false,
      text: 'The sum, and the model made of it, become known to all who take part. No noise hides what few devices add to it.',
    },
    {
      good: false,
      text: 'This page’s code comes from its server. Whoever serves it could serve other code, and that would see everything.',
    },
  ];
  if (studyKey === null)
    return [
      { good: true, text: sum },
      {
        good: false,
        text: 'Your link names no study key. So you are protected against a coordinator that follows the protocol, not against one that cheats: it could invent the committee’s members.',
      },
      ...always,
    ];
  return [
    { good: true, text: sum },
    {
      good: true,
      text: `Its members carry certificates of the study key in your link. This device refuses any other committee, so a coordinator that cheats cannot invent one. To see your update it would need ${accomplices} as accomplices.`,
    },
    admission === 'certified'
      ? {
          good: true,
          text: 'Those who contribute carry such certificates too, so others cannot be invented around you.',
        }
      : {
          good: false,
          text: 'Anybody may contribute. A coordinator that cheats could invent all contributors but you; then the sum would say what your update was.',
        },
    ...always,
  ];
}
