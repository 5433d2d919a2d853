import { firstIssue, inWords } from '@sotto/protocol/in-words';
import { MAX_MESSAGE_BYTES, REQUESTS, type RequestName, type RequestOf } from '@sotto/protocol/messages';
import { type Rejection, reject } from '@sotto/protocol/rejection';

/** A message that is of a known kind, exactly its fields, with bytes where there must be bytes and nowhere else. */
export type Message = {
  [Name in RequestName]: { readonly name: Name; readonly payload: RequestOf<Name>; readonly bytes: Uint8Array };
}[RequestName];

/** What a peer sent, checked; the refusal names the field that is wrong. */
export function parseMessage(
  name: unknown,
  payload: unknown,
  bytes: Uint8Array | undefined,
): Message | Rejection<'bad_message'> {
  if (typeof name !== 'string') return reject('bad_message', 'The name of a message is a string.');
  const known = Object.hasOwn(REQUESTS, name) ? REQUESTS[name as RequestName] : undefined;
  if (!known) return reject('bad_message', `There is no message “${name.slice(0, 64)}”.`);
  if ((bytes?.length ?? 0) > MAX_MESSAGE_BYTES)
    return reject('bad_message', `${name}: ${bytes!.length} bytes are more than ${MAX_MESSAGE_BYTES}.`);
  if (known.sendsBytes !== (bytes !== undefined))
    return reject('bad_message', `${name}: ${known.sendsBytes ? 'the bytes are missing' : 'it carries no bytes'}.`);
  const parsed = known.request.safeParse(payload, { error: inWords });
  if (!parsed.success) return reject('bad_message', `${name}: ${firstIssue(parsed.error)}`);
  return { name, payload: parsed.data, bytes: bytes ?? new Uint8Array(0) } as Message;
}
