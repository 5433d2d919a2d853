import { isDeepStrictEqual } from 'node:util';
import { OPEN_PINS, type Pins, parseInvite } from '@sotto/protocol/invite';
import { isRejection } from '@sotto/protocol/rejection';
import { Failure } from './failure.ts';

/** What an invite insists on. Whoever pastes the whole link means its fragment. @throws Failure when it is damaged */
export function readInvite(invite: string | undefined, option = '--invite'): Pins {
  if (invite === undefined) return OPEN_PINS;
  const pins = parseInvite(invite.slice(invite.indexOf('#') + 1));
  if (isRejection(pins)) throw new Failure(`${option}: ${pins.message}`);
  return pins;
}

/** A link's fragment and --invite are the same thing said in two places. @throws Failure when one is damaged, or they differ */
export function agreedInvite(fragment: string | null, invite: string | undefined): Pins {
  if (fragment === null) return readInvite(invite);
  const pins = readInvite(fragment, '--url');
  if (invite !== undefined && !isDeepStrictEqual(readInvite(invite), pins))
    throw new Failure(
      'The link in --url and --invite insist on different keys. Ask which is right, and give that one.',
    );
  return pins;
}
