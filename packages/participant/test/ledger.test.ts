import { reject } from '@sotto/protocol/rejection';
import { expect, it } from 'vitest';
import {
  EMPTY_TOTALS,
  LATEST_ENTRIES,
  type LedgerEntry,
  type LedgerTotals,
  readLatest,
  readLedger,
  recordEverything,
} from '../src/ledger.ts';
import { bePatient } from '../src/patience.ts';
import type { Transport, TransportListeners } from '../src/transport.ts';
import { createMemoryVault } from '../src/vault/memory.ts';
import type { Vault } from '../src/vault.ts';

const PLACE = { coordinator: 'ab'.repeat(32), task: 'digits' };
const PLAN = 'cd'.repeat(32);

/** A recorded line that is up. `answer` is what the coordinator says to a message. */
function line(vault: Vault, answer: Transport['request'] = async () => reject('disconnected', '')) {
  let listeners: TransportListeners | undefined;
  const entries: LedgerEntry[] = [];
  let totals: LedgerTotals = EMPTY_TOTALS;
  const recorded = recordEverything(
    {
      request: answer,
      fetch: async () => reject('not_found', ''),
      open(given) {
        listeners = given;
      },
      close() {},
    },
    {
      vault,
      place: () => PLACE,
      roundOf: (planHash) => (planHash === PLAN ? 7 : null),
      now: () => 5,
      onEntry(entry, sums) {
        entries.push(entry);
        totals = sums;
      },
    },
  );
  recorded.open({ onHint() {}, onDisconnect() {} });
  const connect = () => listeners!.onHint({ name: 'come-back', payload: { afterMs: 0 } });
  connect();
  return { recorded, entries, totals: () => totals, connect, cut: () => listeners!.onDisconnect('cut') };
}

it('every message is on disk before it leaves, with its size, the digest of what was sent, its round and its plan', async () => {
  const vault = createMemoryVault();
  const onDisk: number[] = [];
  const { recorded } = line(vault, async () => {
    onDisk.push((await readLedger(vault, PLACE)).length);
    return reject('disconnected', '');
  });
  await recorded.request('part', { planHash: PLAN, offset: 0 }, Uint8Array.of(1, 2, 3));
  await recorded.request('remember', { run: 'run-1', round: 4 });
  expect(onDisk).toEqual([1, 2]);
  const json = new TextEncoder().encode(`{"offset":0,"planHash":"${PLAN}"}`);
  const digest = await crypto.subtle.digest('SHA-256', Uint8Array.of(...json, 1, 2, 3));
  expect(await readLedger(vault, PLACE)).toMatchObject([
    {
      at: 5,
      name: 'part',
      nature: 'ciphertext',
      bytes: json.length + 3,
      digest: Buffer.from(digest).toString('hex'),
      round: 7,
      planHash: PLAN,
    },
    { name: 'remember', nature: 'public', round: 4, planHash: null },
  ]);
});

it('messages leave in the order they were given, however long their digests take', async () => {
  const left: number[] = [];
  const { recorded, entries } = line(createMemoryVault(), async (_name, payload) => {
    left.push((payload as { offset: number }).offset);
    return reject('disconnected', '');
  });
  const sizes = [8_000_000, 2_000_000, 1000, 0];
  await Promise.all(
    sizes.map((size, offset) => recorded.request('part', { planHash: PLAN, offset }, new Uint8Array(size))),
  );
  expect(left).toEqual([0, 1, 2, 3]);
  const written = entries.map(({ bytes }) => bytes);
  expect(written).toEqual(written.toSorted((a, b) => b - a));
});

it('what cannot be written down does not leave', async () => {
  const vault = createMemoryVault();
  let left = 0;
  const { recorded } = line({ ...vault, write: () => Promise.reject(new Error('the disk is full')) }, async () => {
    left += 1;
    return reject('disconnected', '');
  });
  expect(await recorded.request('commit', { planHash: PLAN })).toMatchObject({
    rejected: 'not_recorded',
    message: expect.stringContaining('the disk is full'),
  });
  expect(left).toBe(0);
});

it('what is asked while there is no connection neither leaves nor is written down', async () => {
  const vault = createMemoryVault();
  const { recorded, cut, connect } = line(vault);
  cut();
  expect(await recorded.request('commit', { planHash: PLAN })).toMatchObject({ rejected: 'disconnected' });
  recorded.close();
  expect(await recorded.request('commit', { planHash: PLAN })).toMatchObject({ rejected: 'disconnected' });
  expect(await readLedger(vault, PLACE)).toEqual([]);
  connect();
  await recorded.request('commit', { planHash: PLAN });
  expect(await readLedger(vault, PLACE)).toHaveLength(1);
});

it('what was asked on a connection that is gone does not leave on the next one', async () => {
  let left = 0;
  const { recorded, cut, connect } = line(createMemoryVault(), async () => {
    left += 1;
    return reject('not_asked', '');
  });
  const asked = recorded.request('commit', { planHash: PLAN });
  cut();
  connect();
  expect(await asked).toMatchObject({ rejected: 'disconnected' });
  expect(left).toBe(0);
});

it('a message that is sent again because the coordinator was busy is listed again', async () => {
  const vault = createMemoryVault();
  let asked = 0;
  const { recorded } = line(vault, async () => {
    asked += 1;
    return asked < 3 ? { ...reject('too_busy', ''), retryAfterMs: 1 } : reject('unknown', '');
  });
  await bePatient(recorded, { now: () => 0, sleep: async () => {} }).request('commit', { planHash: PLAN });
  expect(asked).toBe(3);
  expect(await readLedger(vault, PLACE)).toHaveLength(3);
});

it('goes on over sessions, and two sessions over one vault lose no entry of each other', async () => {
  const vault = createMemoryVault();
  const sessions = [line(vault), line(vault)];
  await Promise.all(
    sessions.flatMap(({ recorded }, i) =>
      Array.from({ length: 20 }, (_, offset) =>
        recorded.request('part', { planHash: PLAN, offset }, new Uint8Array(i)),
      ),
    ),
  );
  const entries = await readLedger(vault, PLACE);
  expect(entries).toHaveLength(40);
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  expect((await readLatest(vault, PLACE)).totals).toEqual({
    ...EMPTY_TOTALS,
    ciphertext: { messages: 40, bytes },
  });
  expect(await readLedger(vault, { ...PLACE, task: 'other' })).toEqual([]);
});

it('keeps the latest entries in memory, and the sums over all of them', async () => {
  const vault = createMemoryVault();
  const { recorded, entries } = line(vault);
  for (let offset = 0; offset < LATEST_ENTRIES + 5; offset++)
    await recorded.request('part', { planHash: PLAN, offset });
  const { totals, latest } = await readLatest(vault, PLACE);
  expect(totals.ciphertext.messages).toBe(LATEST_ENTRIES + 5);
  expect(latest).toEqual(entries.slice(5));
});
