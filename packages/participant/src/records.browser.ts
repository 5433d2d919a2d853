import type { Pins } from '@sotto/protocol/invite';
import type { Rejection } from '@sotto/protocol/rejection';
import { agreedTerms } from './agreements.ts';
import { keepReceipt, type RoundTaken, readHistory } from './history.ts';
import { openIdentity } from './identity.ts';
import {
  EMPTY_TOTALS,
  type LedgerEntry,
  type LedgerPlace,
  type LedgerTotals,
  readLatest,
  readLedger,
} from './ledger.ts';
import { createReceipts, type Receipt } from './receipts.ts';
import type { Terms } from './terms.ts';
import { createSocketTransport } from './transport/socket.ts';
import { openIndexedDbVault, vaultName } from './vault/indexed-db.ts';
import type { Vault } from './vault.ts';

/** What this browser's device knows of earlier sessions with one coordinator about one task. */
export interface Records {
  readonly totals: LedgerTotals;
  /** The latest messages. */
  readonly latest: readonly LedgerEntry[];
  readonly history: readonly RoundTaken[];
  readonly agreement: Terms | null;
}

const NO_RECORDS: Records = { totals: EMPTY_TOTALS, latest: [], history: [], agreement: null };

/** Reads what is kept without taking part. `device`: which of this browser's devices; null: the one it is. */
export function readRecords(device: string | null, place: LedgerPlace): Promise<Records> {
  return withVault(device, NO_RECORDS, async (vault) => {
    const [ledger, history, agreement] = await Promise.all([
      readLatest(vault, place),
      readHistory(vault, place),
      agreedTerms(vault, place.coordinator, place.task),
    ]);
    return { ...ledger, history, agreement };
  });
}

/** Every message that ever left, oldest first. */
export function readMessages(device: string | null, place: LedgerPlace): Promise<readonly LedgerEntry[]> {
  return withVault<readonly LedgerEntry[]>(device, [], (vault) => readLedger(vault, place));
}

export interface RecheckOptions extends LedgerPlace {
  readonly run: string;
  readonly round: number;
  readonly transcript: string;
  readonly pins: Pins;
  /** The coordinator's origin. */
  readonly url: string;
}

/** Fetches a round's public record once more and checks it, against what this device sent and saw of the run before. */
export function checkRound(device: string | null, options: RecheckOptions): Promise<Receipt | Rejection | null> {
  const { pins, url, ...announced } = options;
  return withVault<Receipt | Rejection | null>(device, null, async (vault) => {
    const identity = await openIdentity(vault);
    const transport = createSocketTransport(url);
    const receipts = createReceipts({ transport, vault, device: identity.device, pins });
    const receipt = await receipts.receiptOf(announced);
    if (!('rejected' in receipt)) await keepReceipt(vault, announced, receipt);
    return receipt;
  });
}

/** Opened for this one look, so that whoever wants to delete it need not wait. A visitor who never took part gets no database. */
async function withVault<T>(device: string | null, none: T, look: (vault: Vault) => Promise<T>): Promise<T> {
  const name = vaultName(device);
  const known = await indexedDB.databases();
  if (!known.some((database) => database.name === name)) return none;
  const vault = await openIndexedDbVault(name);
  try {
    return await look(vault);
  } finally {
    vault.close();
  }
}
