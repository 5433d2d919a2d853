import type { HintName, HintOf, ReplyOf, RequestName, RequestOf } from '@sotto/protocol/messages';
import { type Rejection, reject } from '@sotto/protocol/rejection';

export interface Answer<Name extends RequestName> {
  readonly reply: ReplyOf<Name>;
  readonly bytes: Uint8Array;
}

export type Hint = { [Name in HintName]: { readonly name: Name; readonly payload: HintOf<Name> } }[HintName];

/**
 * The way to one coordinator. Everything that comes back is already schema-checked: a hostile coordinator's nonsense is a Rejection.
 * Nothing here throws; a lost connection is a Rejection with code `disconnected`, for requests under way too.
 */
export interface Transport {
  request<Name extends RequestName>(
    name: Name,
    payload: RequestOf<Name>,
    bytes?: Uint8Array,
  ): Promise<Answer<Name> | Rejection>;
  /** A public document by its path, for instance `/api/models/…`. */
  fetch(path: string): Promise<Uint8Array | Rejection>;
  /** Starts connecting, and goes on trying until `close`. Listeners are given once, before. */
  open(listeners: TransportListeners): void;
  close(): void;
}

export interface TransportListeners {
  /** A hint; `challenge` is the first on each new connection. */
  onHint(hint: Hint): void;
  onDisconnect(reason: string): void;
}

/** What becomes of a request without a connection. */
export function lineLost(): Rejection {
  return reject('disconnected', 'The connection to the coordinator is lost; trying again.');
}
