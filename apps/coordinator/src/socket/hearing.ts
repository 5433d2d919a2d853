import { PART_BYTES, PART_WINDOW, REQUESTS } from '@sotto/protocol/messages';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import type { Border } from '../border/border.ts';
import type { Sender } from '../border/senders.ts';
import type { Answered } from '../desk/ports.ts';
import type { Session } from '../desk/session.ts';

/** Messages and bytes of one connection that may wait at once; an honest device has a window of parts and little else. */
const MOST_UNDER_WAY = 32;
const MOST_BYTES_UNDER_WAY = 2 * PART_WINDOW * PART_BYTES;
/** Messages that were wrong, not merely early: nobody's SDK sends so many. */
const MOST_WRONG = 100;
const FULL_MS = 10_000;

/** One event as Socket.IO hands it over, which makes sure of nothing: a name may be a number, and the last value may be no acknowledgement. */
export type Hear = (name: unknown, values: readonly unknown[]) => Promise<void>;

/** Hears one connection: what comes too often or too much at once is refused before it is looked at. */
export function createHearing({
  session,
  sender,
  border: { rates, refusals },
  hasRoom,
  hangUp,
}: {
  readonly session: Session;
  readonly sender: Sender;
  readonly border: Border;
  /** Whether one more device may be connected. */
  readonly hasRoom: () => boolean;
  /** The peer is beyond help. */
  readonly hangUp: (code: string) => void;
}): Hear {
  let underWay = 0;
  let bytesUnderWay = 0;
  let wrong = 0;

  async function answer(name: unknown, payload: unknown, bytes: Uint8Array | undefined): Promise<Answered | Rejection> {
    const device = session.device();
    // Nobody is kept from guessing, as keys and invite codes are too long for that, and a class shares one address.
    const refused = await rates.message(sender, device);
    if (refused) return refused;
    if (device === null && !hasRoom())
      return { ...reject('too_busy', 'Too many devices are connected. Come back later.'), retryAfterMs: FULL_MS };
    return session.receive(name, payload, bytes);
  }

  async function admitted(name: unknown, payload: unknown, attached: unknown): Promise<Answered | Rejection> {
    const bytes = bytesOf(attached);
    if (bytes === null) return reject('bad_message', 'The second argument of a message must be bytes.');
    const size = bytes?.length ?? 0;
    if (underWay >= MOST_UNDER_WAY || bytesUnderWay + size > MOST_BYTES_UNDER_WAY)
      return {
        ...reject('too_many_requests', 'Wait for answers before you send more.'),
        retryAfterMs: 1000,
      };
    underWay += 1;
    bytesUnderWay += size;
    try {
      return await answer(name, payload, bytes);
    } finally {
      underWay -= 1;
      bytesUnderWay -= size;
    }
  }

  return async (name, values) => {
    const last = values.at(-1);
    const acknowledge = typeof last === 'function' ? last : () => {};
    const [payload, attached] = last === acknowledge ? values.slice(0, -1) : values;
    const answered = await admitted(name, payload, attached);
    if (!isRejection(answered)) {
      if (answered.bytes) acknowledge(answered.reply, answered.bytes);
      else acknowledge(answered.reply);
      return;
    }
    const { address } = sender;
    refusals.note({ rejected: answered.rejected, kind: kindOf(name), address, device: session.device() });
    acknowledge(answered);
    if (answered.retryAfterMs === undefined) wrong += 1;
    if (wrong === MOST_WRONG) hangUp('too_many_refusals');
  };
}

function kindOf(name: unknown): string {
  return typeof name === 'string' && Object.hasOwn(REQUESTS, name) ? name : 'unknown';
}

/** Socket.IO hands binary over as Buffer or ArrayBuffer. Undefined when nothing came, null when it is no bytes. */
function bytesOf(attached: unknown): Uint8Array | undefined | null {
  if (attached === undefined) return undefined;
  if (attached instanceof ArrayBuffer) return new Uint8Array(attached);
  if (attached instanceof Uint8Array) return new Uint8Array(attached.buffer, attached.byteOffset, attached.byteLength);
  return null;
}
