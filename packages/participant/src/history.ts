import { type RoundKey, runKeyText } from '@sotto/protocol/ids';
import type { RoundOutcome } from '@sotto/protocol/run';
import type { LedgerPlace } from './ledger.ts';
import { type Receipt, sentIn } from './receipts.ts';
import { memberRecordsIn } from './round-memory.ts';
import type { Vault } from './vault.ts';

/** A round that this device had a part in, as a contributor or on the committee, and how it ended. */
export interface RoundTaken {
  readonly run: string;
  readonly round: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** It sent an update, which it did not take back. */
  readonly contributed: boolean;
  /** It answered for the sealed updates as a committee member. */
  readonly served: boolean;
  readonly outcome: 'published' | 'abandoned';
  /** Why the round was abandoned. */
  readonly reason: string | null;
  /** Whether members had begun to open an abandoned one, as the coordinator says; rounds of old do not. */
  readonly opened?: boolean;
  /** Hash of the published record. */
  readonly transcript: string | null;
  /** What that says of this device, checked when the round ended; null until it could be, and for an abandoned round. */
  readonly receipt: Receipt | null;
}

type Round = Pick<RoundKey, 'coordinator' | 'task' | 'run' | 'round'>;

const prefixOf = ({ coordinator, task }: LedgerPlace) => `${coordinator}/${task}/`;
const keyOf = (round: Round) => `${runKeyText(round)}/${String(round.round).padStart(10, '0')}`;

/** The rounds this device took part in, over all sessions, in the order in which they ended. */
export async function readHistory(vault: Vault, place: LedgerPlace): Promise<RoundTaken[]> {
  const rounds = (await vault.list('history', prefixOf(place))).map(({ value }) => value as RoundTaken);
  return rounds.sort((a, b) => a.endedAt - b.endedAt);
}

/** A round has ended, and it is told again at every connect. @returns what is kept of it; undefined when this device had no part in it */
export async function keepRound(vault: Vault, round: Round, outcome: RoundOutcome): Promise<RoundTaken | undefined> {
  const key = keyOf(round);
  const known = (await vault.get('history', key)) as RoundTaken | undefined;
  if (known) return known;
  const contributed = (await sentIn(vault, round)) !== undefined;
  const records = await memberRecordsIn(vault, round);
  const served = [...records.values()].some(({ check }) => check !== undefined);
  if (!contributed && !served) return undefined;
  const { startedAt, endedAt, kind } = outcome;
  const taken: RoundTaken = {
    run: round.run,
    round: round.round,
    startedAt,
    endedAt,
    contributed,
    served,
    outcome: kind,
    reason: kind === 'abandoned' ? outcome.reason : null,
    ...(kind === 'abandoned' && outcome.opened !== undefined && { opened: outcome.opened }),
    transcript: kind === 'published' ? outcome.transcript : null,
    receipt: null,
  };
  await vault.write([{ table: 'history', key, value: taken }]);
  return taken;
}

/** Keeps a receipt with its round, where this device had a part in it. @returns the round with it */
export async function keepReceipt(vault: Vault, round: Round, receipt: Receipt): Promise<RoundTaken | undefined> {
  const key = keyOf(round);
  const known = (await vault.get('history', key)) as RoundTaken | undefined;
  if (!known) return undefined;
  const taken = { ...known, receipt };
  await vault.write([{ table: 'history', key, value: taken }]);
  return taken;
}
