import type { Dataset } from '@sotto/learner/dataset';
import { OPEN_PINS } from '@sotto/protocol/invite';
import { helloString, type RequestName, type RequestOf } from '@sotto/protocol/messages';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import type { RoundOutcome, Status } from '@sotto/protocol/run';
import { verifySignature } from '@sotto/protocol/signature';
import { expect, it } from 'vitest';
import { createParticipant } from '../src/participant.ts';
import { createSealing } from '../src/sealing/service.ts';
import { promiseOf, type Terms, termsOfPlan } from '../src/terms.ts';
import type { Transport, TransportListeners } from '../src/transport.ts';
import { createMemoryVault } from '../src/vault/memory.ts';
import type { Vault } from '../src/vault.ts';
import { createRoom, NOW } from './room.ts';

const COORDINATOR = 'ab'.repeat(32);
const STATUS: Status = {
  task: 'numbers',
  present: 1,
  needed: 3,
  run: null,
  state: null,
  rounds: 0,
  round: 0,
  phase: 'waiting',
  cohort: 0,
  contributors: 0,
  deadline: null,
  nextRoundAt: null,
  reconnectMs: 1000,
  budget: null,
  history: [],
};

const DATA: Dataset = { inputs: new Uint8Array(1), shape: [1], scale: 1, labels: new Int32Array(1) };

interface Surroundings {
  readonly terms?: Terms;
  readonly now?: number;
  readonly fetch?: Transport['fetch'];
  readonly vault?: Vault;
  readonly status?: Status;
  /** What the coordinator refuses. */
  readonly refusals?: Partial<Record<RequestName, Rejection>>;
}

async function session(
  pins = OPEN_PINS,
  data: Dataset | null = null,
  { terms, now = 0, fetch = async () => reject('not_found', ''), ...given }: Surroundings = {},
) {
  const sent: { name: RequestName; payload: unknown }[] = [];
  let listeners: TransportListeners | undefined;
  let closed = false;
  let opened = 0;
  const transport: Transport = {
    open(theirs) {
      listeners = theirs;
      opened++;
    },
    close() {
      closed = true;
    },
    fetch,
    async request(name, payload) {
      sent.push({ name, payload });
      const refused = given.refusals?.[name];
      if (refused) return refused as never;
      return {
        reply: {
          device: '00'.repeat(32),
          now: 0,
          status: given.status ?? STATUS,
          standing: 'admitted',
          certificates: [],
        },
        bytes: new Uint8Array(0),
      } as never;
    },
  };
  const participant = await createParticipant(
    { task: 'numbers', pins, data, ...(terms && { terms }) },
    {
      transport,
      vault: given.vault ?? createMemoryVault(),
      trainer: { train: () => Promise.reject(new Error('not in this test')), cancel() {} },
      sealer: createSealing(),
      clock: { now: () => now, sleep: async () => {}, at: () => () => {} },
    },
  );
  await participant.join();
  return {
    participant,
    sent,
    hint: listeners!.onHint,
    drop: () => listeners!.onDisconnect('gone'),
    closed: () => closed,
    opened: () => opened,
  };
}

it('introduces itself by a signature over this coordinator’s key and this connection’s nonce', async () => {
  const { participant, sent, hint } = await session();
  const challenge = { coordinator: COORDINATOR, nonce: '01'.repeat(32) };
  hint({ name: 'challenge', payload: challenge });
  await expect.poll(() => participant.state().connection).toBe('connected');
  const { key, signature, contributes } = sent[0]!.payload as RequestOf<'hello'>;
  expect(contributes).toBe(false);
  expect(await verifySignature(key, helloString(challenge), signature)).toBe(true);
  expect(await verifySignature(key, helloString({ ...challenge, nonce: '02'.repeat(32) }), signature)).toBe(false);
});

it('says nothing to another coordinator than the one its link pins, and tells why', async () => {
  const { participant, sent, hint, closed } = await session({ ...OPEN_PINS, coordinator: 'cd'.repeat(32) });
  hint({ name: 'challenge', payload: { coordinator: COORDINATOR, nonce: '01'.repeat(32) } });
  await expect.poll(() => participant.state().problem?.rejected).toBe('coordinator_foreign');
  expect(closed()).toBe(true);
  expect(sent).toEqual([]);
});

it('takes the end of a round once, however often it is told', async () => {
  const { participant, hint, drop } = await session();
  hint({ name: 'challenge', payload: { coordinator: COORDINATOR, nonce: '01'.repeat(32) } });
  const outcome: RoundOutcome = { kind: 'abandoned', round: 4, reason: 'too_few_votes', startedAt: 0, endedAt: 1 };
  for (let i = 0; i < 3; i++) {
    hint({ name: 'round-over', payload: { run: 'run-1', planHash: null, outcome } });
    drop();
  }
  hint({ name: 'round-over', payload: { run: 'run-1', planHash: null, outcome: { ...outcome, round: 5 } } });
  await expect.poll(() => participant.state().outcomes.map(({ round }) => round)).toEqual([4, 5]);
  expect(participant.state().connection).toBe('connecting');
});

it('shows no problem where other members of the committee were faster, and one where the coordinator refuses its key for another reason', async () => {
  const duty = {
    name: 'duty',
    payload: {
      kind: 'one-time-key',
      round: { coordinator: COORDINATOR, task: 'numbers', run: 'run-1', round: 1, group: 1 },
      expiry: 3600_000,
    },
  } as const;
  const askedAnd = async (code: string) => {
    const { participant, sent, hint } = await session(OPEN_PINS, null, {
      refusals: { 'one-time-key': reject(code, 'no') },
    });
    hint({ name: 'challenge', payload: { coordinator: COORDINATOR, nonce: '01'.repeat(32) } });
    await expect.poll(() => participant.state().connection).toBe('connected');
    hint(duty);
    await expect.poll(() => sent.map(({ name }) => name)).toContain('one-time-key');
    // The next duty is taken up once this one is over.
    hint(duty);
    await expect.poll(() => sent.filter(({ name }) => name === 'one-time-key')).toHaveLength(2);
    return participant.state().problem?.rejected ?? null;
  };
  expect(await askedAnd('too_late')).toBeNull();
  expect(await askedAnd('key_taken')).toBe('key_taken');
});

it('introduces itself anew as one that does not contribute while the person pauses, and as one that does afterwards', async () => {
  const { participant, sent, hint, opened } = await session(OPEN_PINS, DATA);
  const challenge = { name: 'challenge', payload: { coordinator: COORDINATOR, nonce: '01'.repeat(32) } } as const;
  const introductions = () =>
    sent.filter(({ name }) => name === 'hello').map(({ payload }) => (payload as RequestOf<'hello'>).contributes);
  hint(challenge);
  await expect.poll(() => participant.state().connection).toBe('connected');
  await participant.pause();
  expect(opened()).toBe(2);
  hint(challenge);
  await expect.poll(() => participant.state().connection).toBe('connected');
  const planHash = 'ef'.repeat(32);
  hint({ name: 'duty', payload: { kind: 'contribute', planHash } });
  await expect.poll(() => sent.at(-1)).toEqual({ name: 'withdraw', payload: { planHash } });
  participant.resume();
  expect(opened()).toBe(3);
  hint(challenge);
  await expect.poll(introductions).toEqual([true, false, true]);
});

it('makes its line anew when it wakes, and leaves it alone once it has left', async () => {
  const { participant, opened } = await session();
  participant.wake();
  expect(opened()).toBe(2);
  await participant.leave();
  participant.wake();
  expect(opened()).toBe(2);
});

it('answers no challenge of a connection that is gone on the one that took its place', async () => {
  const { participant, sent, hint } = await session();
  const [first, second] = ['01', '02'].map((byte) => ({ coordinator: COORDINATOR, nonce: byte.repeat(32) })) as [
    { coordinator: string; nonce: string },
    { coordinator: string; nonce: string },
  ];
  hint({ name: 'challenge', payload: first });
  participant.wake();
  hint({ name: 'challenge', payload: second });
  await expect.poll(() => participant.state().connection).toBe('connected');
  const hellos = sent.map(({ payload }) => payload as RequestOf<'hello'>);
  expect(
    await Promise.all(hellos.map((hello) => verifySignature(hello.key, helloString(second), hello.signature))),
  ).toEqual([true]);
});

it('is on duty only once it gave a key', async () => {
  const { participant, sent, hint } = await session();
  hint({ name: 'challenge', payload: { coordinator: COORDINATOR, nonce: '01'.repeat(32) } });
  await expect.poll(() => participant.state().connection).toBe('connected');
  const until: (number | null)[] = [];
  participant.subscribe(() => until.push(participant.state().dutyUntil));
  const round = { coordinator: COORDINATOR, task: 'numbers', run: 'run-1', round: 1, group: 0 };
  hint({ name: 'duty', payload: { kind: 'one-time-key', round: { ...round, task: 'others' }, expiry: 1000 } });
  await expect.poll(() => participant.state().problem?.rejected).toBe('duty_foreign');
  expect(until.every((time) => time === null)).toBe(true);
  hint({ name: 'duty', payload: { kind: 'one-time-key', round, expiry: 1000 } });
  await expect.poll(() => participant.state().dutyUntil).toBe(1000);
  expect(participant.state().seat).toBe('asked');
  expect(sent.filter(({ name }) => name === 'one-time-key')).toHaveLength(1);
});

it('is on duty for the key that the session before it gave, until that round is over', async () => {
  const vault = createMemoryVault();
  const status: Status = { ...STATUS, run: 'run-1', state: 'running', rounds: 2, round: 2, phase: 'collecting' };
  const challenge = { name: 'challenge', payload: { coordinator: COORDINATOR, nonce: '01'.repeat(32) } } as const;
  const first = await session(OPEN_PINS, null, { vault, status });
  first.hint(challenge);
  await expect.poll(() => first.participant.state().connection).toBe('connected');
  const round = { coordinator: COORDINATOR, task: 'numbers', run: 'run-1', round: 2, group: 0 };
  first.hint({ name: 'duty', payload: { kind: 'one-time-key', round, expiry: 1000 } });
  await expect.poll(() => first.participant.state().dutyUntil).toBe(1000);
  await first.participant.leave();
  expect(first.participant.state().dutyUntil).toBeNull();

  const { participant, hint } = await session(OPEN_PINS, null, { vault, status });
  const over = (of: number): void => {
    const outcome: RoundOutcome = { kind: 'abandoned', round: of, reason: 'too_few_votes', startedAt: 0, endedAt: 1 };
    hint({ name: 'round-over', payload: { run: 'run-1', planHash: null, outcome } });
  };
  hint(challenge);
  await expect.poll(() => participant.state().dutyUntil).toBe(1000);
  over(1);
  await expect.poll(() => participant.state().outcomes).toHaveLength(1);
  expect(participant.state().dutyUntil).toBe(1000);
  over(2);
  await expect.poll(() => participant.state().outcomes).toHaveLength(2);
  expect(participant.state().dutyUntil).toBeNull();
});

it('keeps asking about the terms it refused, whatever else it was looking at passes meanwhile, until somebody decides', async () => {
  const room = await createRoom();
  const members = await Promise.all([1, 2, 3, 4].map(() => room.device()));
  const agreed = await room.plan(members, (plan) => ({ ...plan, minimumCohort: 4 }));
  const lowered = await room.plan(members, (plan) => ({ ...plan, minimumCohort: 3 }), 2);
  const { promise: later, resolve: answer } = Promise.withResolvers<void>();
  const { participant, hint, closed } = await session(OPEN_PINS, DATA, {
    terms: promiseOf(termsOfPlan(agreed.plan, null, OPEN_PINS), OPEN_PINS),
    now: NOW,
    async fetch(path) {
      if (path.endsWith(agreed.hash)) await later;
      return room.documents.get(path) ?? reject('not_found', path);
    },
  });
  hint({ name: 'challenge', payload: { coordinator: agreed.plan.coordinator, nonce: '01'.repeat(32) } });
  await expect.poll(() => participant.state().connection).toBe('connected');
  hint({ name: 'duty', payload: { kind: 'check', planHash: agreed.hash, candidates: '00'.repeat(32) } });
  hint({ name: 'duty', payload: { kind: 'contribute', planHash: lowered.hash } });
  await expect.poll(() => participant.state().connection).toBe('off');
  expect(closed()).toBe(true);
  answer();
  await expect.poll(() => participant.state().problem?.rejected).toBe('not_a_member');
  expect(participant.state().disagreement?.changes.map(({ term }) => term)).toEqual(['minimumCohort']);
  await participant.leave();
  expect(participant.state().disagreement).toBeNull();
});
