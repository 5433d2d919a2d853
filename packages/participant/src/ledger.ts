import { toHex } from '@sotto/protocol/bytes';
import { canonicalJson } from '@sotto/protocol/digest';
import type { RequestName } from '@sotto/protocol/messages';
import { reject } from '@sotto/protocol/rejection';
import { encodeUtf8 } from '@sotto/protocol/utf8';
import { createQueue } from './queue.ts';
import { lineLost, type Transport } from './transport.ts';
import type { Vault } from './vault.ts';

/** What a message is, to somebody who asks "what left my device?". */
export const NATURES = ['ciphertext', 'public', 'signature', 'committee'] as const;
export type Nature = (typeof NATURES)[number];

export interface LedgerEntry {
  readonly at: number;
  readonly name: RequestName;
  readonly nature: Nature;
  /** JSON fields plus raw bytes. */
  readonly bytes: number;
  /** SHA-256 of the canonical JSON followed by the raw bytes, hex. */
  readonly digest: string;
  /** The round it is about, and its plan, where it is about one. */
  readonly round: number | null;
  readonly planHash: string | null;
}

type Amount = Readonly<{ messages: number; bytes: number }>;
export type LedgerTotals = Readonly<Record<Nature, Amount>>;

const NONE: Amount = { messages: 0, bytes: 0 };
export const EMPTY_TOTALS: LedgerTotals = { ciphertext: NONE, public: NONE, signature: NONE, committee: NONE };
/** Entries that are kept in memory; the vault has them all. */
export const LATEST_ENTRIES = 300;

const NATURE: Readonly<Record<RequestName, Nature>> = {
  hello: 'signature',
  'one-time-key': 'public',
  upload: 'signature',
  part: 'ciphertext',
  commit: 'public',
  withdraw: 'public',
  remember: 'public',
  candidates: 'public',
  answer: 'committee',
  vote: 'signature',
  opening: 'committee',
};

/** Whose messages: to this coordinator, about this task. */
export interface LedgerPlace {
  readonly coordinator: string;
  readonly task: string;
}

interface Totals {
  readonly totals: LedgerTotals;
  /** Entries so far: the next one's number. */
  readonly entries: number;
}

const totalsKey = ({ coordinator, task }: LedgerPlace) => `totals/${coordinator}/${task}`;
const entryPrefix = ({ coordinator, task }: LedgerPlace) => `entry/${coordinator}/${task}/`;
const entryKey = (place: LedgerPlace, number: number) => `${entryPrefix(place)}${String(number).padStart(12, '0')}`;

async function readTotals(vault: Vault, place: LedgerPlace): Promise<Totals | undefined> {
  return (await vault.get('ledger', totalsKey(place))) as Totals | undefined;
}

/** Everything that ever left this device for this coordinator about this task, oldest first. */
export async function readLedger(vault: Vault, place: LedgerPlace): Promise<LedgerEntry[]> {
  return (await vault.list('ledger', entryPrefix(place))).map(({ value }) => value as LedgerEntry);
}

/** The sums over everything, and the latest entries. */
export async function readLatest(
  vault: Vault,
  place: LedgerPlace,
): Promise<{ readonly totals: LedgerTotals; readonly latest: readonly LedgerEntry[] }> {
  const known = await readTotals(vault, place);
  if (!known) return { totals: EMPTY_TOTALS, latest: [] };
  const { totals, entries } = known;
  const numbers = Array.from({ length: Math.min(entries, LATEST_ENTRIES) }, (_, i) => entries - i - 1).reverse();
  const latest = await Promise.all(numbers.map((number) => vault.get('ledger', entryKey(place, number))));
  return { totals, latest: latest.filter((entry) => entry !== undefined) as LedgerEntry[] };
}

/** Writes an entry behind the others, whichever session over this vault they are of. @returns the sums with it */
async function append(vault: Vault, place: LedgerPlace, entry: LedgerEntry): Promise<LedgerTotals> {
  for (;;) {
    const before = await readTotals(vault, place);
    const { totals, entries } = before ?? { totals: EMPTY_TOTALS, entries: 0 };
    const { messages, bytes } = totals[entry.nature];
    const after = { ...totals, [entry.nature]: { messages: messages + 1, bytes: bytes + entry.bytes } };
    const at = { table: 'ledger', key: totalsKey(place) } as const;
    const written = await vault.write(
      [
        { ...at, value: { totals: after, entries: entries + 1 } satisfies Totals },
        { table: 'ledger', key: entryKey(place, entries), value: entry },
      ],
      { ...at, value: before },
    );
    if (written) return after;
  }
}

export interface LedgerPorts {
  readonly vault: Vault;
  readonly place: () => LedgerPlace;
  /** The round of a plan, if this device has seen it. */
  readonly roundOf: (planHash: string) => number | null;
  readonly now: () => number;
  readonly onEntry: (entry: LedgerEntry, totals: LedgerTotals) => void;
}

/**
 * Writes down every message, on disk, before it leaves; what cannot be written down is not sent. The only other way out of a participant is to
 * fetch a public document, which sends nothing but its address.
 */
export function recordEverything(
  transport: Transport,
  { vault, place, roundOf, now, onEntry }: LedgerPorts,
): Transport {
  // The digest of a small message is ready before that of a large one: none may overtake, for the parts of an upload arrive in order.
  const inTurn = createQueue();
  /** The first hint comes with each connection. What is asked while there is none never leaves. */
  let line: object | null = null;
  return {
    ...transport,
    open: ({ onHint, onDisconnect }) =>
      transport.open({
        onHint(hint) {
          line ??= {};
          onHint(hint);
        },
        onDisconnect(reason) {
          line = null;
          onDisconnect(reason);
        },
      }),
    close() {
      line = null;
      transport.close();
    },
    fetch: (path) => transport.fetch(path),
    async request(name, payload, bytes) {
      const present = line;
      if (present === null) return lineLost();
      const json = encodeUtf8(canonicalJson(payload));
      const whole = new Uint8Array(json.length + (bytes?.length ?? 0));
      whole.set(json);
      if (bytes) whole.set(bytes, json.length);
      try {
        await inTurn(async () => {
          const digest = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', whole)));
          const { round, planHash } = subjectOf(payload, roundOf);
          const entry = { at: now(), name, nature: NATURE[name], bytes: whole.length, digest, round, planHash };
          onEntry(entry, await append(vault, place(), entry));
        });
      } catch (error) {
        const why = error instanceof Error ? error.message : error;
        return reject(
          'not_recorded',
          `What is about to leave cannot be written down on this device, so it is not sent: ${why}`,
        );
      }
      // Written for a line that is gone, it would make no sense on the next one.
      return present === line ? transport.request(name, payload, bytes) : lineLost();
    },
  };
}

/** What a message is about, read from its own fields. */
function subjectOf(
  payload: object,
  roundOf: (planHash: string) => number | null,
): Pick<LedgerEntry, 'round' | 'planHash'> {
  const { planHash, round } = payload as { planHash?: string; round?: number | { round: number } };
  if (planHash !== undefined) return { round: roundOf(planHash), planHash };
  return { round: typeof round === 'object' ? round.round : (round ?? null), planHash: null };
}
