import { OPEN_PINS, type Pins, parseInvite } from '@sotto/protocol/invite';
import { isRejection } from '@sotto/protocol/rejection';
import { Failure } from './failure.ts';

/** What an invite insists on. Whoever pastes the whole link means its fragment. @throws Failure when it is damaged */
export function readInvite(invite: string | undefined): Pins {
  if (invite === undefined) return OPEN_PINS;
  const pins = parseInvite(invite.slice(invite.indexOf('#') + 1));
  if (isRejection(pins)) throw new Failure(`--invite: ${pins.message}`);
  return pins;
}
