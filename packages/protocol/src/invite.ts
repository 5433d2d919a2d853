import { z } from 'zod';
import { InviteCode } from './admission.ts';
import { PublicKey } from './ids.ts';
import { LEAST_COMMITTEE, MOST_COMMITTEE } from './plan.ts';
import { type Rejection, reject } from './rejection.ts';

/** Who may contribute: whoever comes, or devices that the study key vouches for. */
export const Admission = z.enum(['open', 'certified']);

/**
 * What a participant pins before it says a word: it stands in the fragment of the link, which browsers never send to the server.
 * Without a study key protection is against a coordinator that follows the protocol only.
 */
export const Pins = z.strictObject({
  studyKey: PublicKey.nullable(),
  coordinator: PublicKey.nullable(),
  /** Least size of the committee, m. */
  leastCommittee: z.number().int().min(LEAST_COMMITTEE).max(MOST_COMMITTEE),
  /** `certified`: contributors carry a certificate of the study key too, and members refuse candidates without one. */
  admission: Admission,
  /** Lets a newcomer in where the task asks for one. A matter of being known, not of whom to trust. */
  invite: InviteCode.nullable(),
});
export type Pins = z.infer<typeof Pins>;

export const OPEN_PINS: Pins = {
  studyKey: null,
  coordinator: null,
  leastCommittee: LEAST_COMMITTEE,
  admission: 'open',
  invite: null,
};

const FIELDS = ['study', 'coordinator', 'committee', 'admission', 'invite'];

/** `#study=HEX&coordinator=HEX&committee=5&admission=certified&invite=CODE` → pins; a fragment with an unknown or malformed field is refused, never half obeyed. */
export function parseInvite(fragment: string): Pins | Rejection<'bad_invite'> {
  const fields = new Map<string, string>();
  for (const pair of fragment.replace(/^#/, '').split('&').filter(Boolean)) {
    const [name = '', value = '', ...rest] = pair.split('=');
    if (rest.length > 0 || fields.has(name) || !FIELDS.includes(name))
      return reject('bad_invite', `The link's part after # is damaged near “${name}”. Ask for the link again.`);
    fields.set(name, value);
  }
  const pins = Pins.safeParse({
    studyKey: fields.get('study') ?? null,
    coordinator: fields.get('coordinator') ?? null,
    leastCommittee: wholeNumber(fields.get('committee') ?? String(LEAST_COMMITTEE)),
    admission: fields.get('admission') ?? 'open',
    invite: fields.get('invite') ?? null,
  });
  if (!pins.success)
    return reject(
      'bad_invite',
      'The link is damaged: a key, code or number in it is malformed. Ask for the link again.',
    );
  // Nobody could present a certificate, or anybody could: neither is what the link says.
  if (pins.data.admission === 'certified' && pins.data.studyKey === null)
    return reject(
      'bad_invite',
      'The link is damaged: it asks for certificates but has lost the study key. Ask for the link again.',
    );
  return pins.data;
}

/** Digits only: `Number` would also take '', ' 5 ', '0x5' and '5e0'. */
function wholeNumber(text: string): number {
  return /^[1-9][0-9]*$/.test(text) ? Number(text) : Number.NaN;
}

/** Pins → fragment, the inverse of `parseInvite`; empty when nothing is pinned. */
export function formatInvite({ studyKey, coordinator, leastCommittee, admission, invite }: Pins): string {
  const fields = [
    studyKey && `study=${studyKey}`,
    coordinator && `coordinator=${coordinator}`,
    leastCommittee > LEAST_COMMITTEE && `committee=${leastCommittee}`,
    admission !== 'open' && `admission=${admission}`,
    invite && `invite=${invite}`,
  ].filter(Boolean);
  return fields.length > 0 ? `#${fields.join('&')}` : '';
}
