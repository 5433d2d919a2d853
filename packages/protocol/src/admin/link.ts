import { formatInvite, OPEN_PINS } from '../invite.ts';

/** Whom devices trust that come by a link: the coordinator, the study key for the committee, or the study key for whoever takes part. */
export const TRUST = ['coordinator', 'study', 'certified'] as const;
export type Trust = (typeof TRUST)[number];

export interface LinkParts {
  readonly publicUrl: string;
  readonly task: string;
  readonly coordinator: string;
  readonly studyKey: string | null;
  /** An invite code. */
  readonly code: string | null;
}

export function usualTrust(studyKey: string | null): Trust {
  return studyKey === null ? 'coordinator' : 'study';
}

/** The link to share: `ORIGIN/t/TASK#…`. What stands after its # no browser sends to the server. Of no study key, trust is in the coordinator. */
export function linkTo(
  { publicUrl, task, coordinator, studyKey, code }: LinkParts,
  trust: Trust = usualTrust(studyKey),
): string {
  const isStudy = studyKey !== null && trust !== 'coordinator';
  const pins = {
    ...OPEN_PINS,
    coordinator,
    studyKey: isStudy ? studyKey : null,
    admission: isStudy && trust === 'certified' ? 'certified' : 'open',
    invite: code,
  } as const;
  return `${publicUrl}/t/${task}${formatInvite(pins)}`;
}
