import type { RoundEvent } from '@sotto/fl-core/round/round';
import type { SignedPlan } from '@sotto/protocol/plan';
import type { Transcript } from '@sotto/protocol/transcript';
import type { UpdateRecord } from '@sotto/protocol/update-record';
import { type Case, ensure, ensureEqual } from '../../conformance.ts';
import type { Store } from '../store.ts';
import { fails, hex, left, NOW, run, setup, whole } from './samples.ts';

const deadlines = { upload: NOW + 1, check: NOW + 2, vote: NOW + 3, open: NOW + 4 };
const signature = hex('e').repeat(2);
const record: UpdateRecord = {
  key: hex('d'),
  certificate: null,
  ciphertext: hex('2'),
  boxes: [hex('3'), hex('4'), hex('5')],
  signature,
};
const planned: SignedPlan = {
  plan: {
    version: 1,
    coordinator: hex('9'),
    task: run.task,
    run: run.run,
    round: 1,
    group: 0,
    model: run.initial.model,
    training: { optimizer: { name: 'sgd', learningRate: 0.1 }, epochs: 1, batchSize: 1 },
    encoding: {
      profile: 'n47',
      nMax: 3,
      lanes: 1,
      lambda: 100,
      ranges: [{ size: 10, range: 1 }],
      clip: 1,
      exampleCap: 10,
      metadata: [{ name: 'examples', bound: 10 }],
    },
    noise: null,
    committee: {
      threshold: 3,
      members: ['a', 'b', 'c'].map((digit) => ({
        key: hex(digit),
        certificate: null,
        oneTime: { key: hex('1'), expiry: NOW + 10, signature },
      })),
    },
    minimumCohort: 3,
    deadlines,
    previous: null,
  },
  signature,
};
const transcript: Transcript = {
  body: {
    version: 1,
    plan: planned,
    candidates: [record],
    answers: [],
    contributors: [hex('a')],
    sum: hex('6'),
    votes: [],
    openings: [],
    metadata: [1],
    model: hex('7'),
  },
  signature,
};
const update = (device: string, digest: string): RoundEvent => ({ type: 'update', at: NOW, device, digest, record });

/** Pairs of events of which one may count. */
export const RIVALS: readonly (readonly [RoundEvent, RoundEvent])[] = [
  [update(hex('a'), hex('1')), update(hex('a'), hex('2'))],
  pair((digest) => {
    const evidence = { x: 1, answer: 'AAAA', signature };
    return { type: 'answer', at: NOW, device: hex('a'), candidates: hex('8'), digest, evidence };
  }),
  pair((contributors) => ({ type: 'vote', at: NOW, device: hex('a'), contributors, evidence: { x: 1, signature } })),
  pair((digest) => {
    const evidence = { x: 1, shares: 'AAAA', signature };
    return { type: 'opening', at: NOW, device: hex('a'), contributors: hex('8'), digest, evidence };
  }),
];

function pair(make: (digest: string) => RoundEvent): readonly [RoundEvent, RoundEvent] {
  return [make(hex('1')), make(hex('2'))];
}

/** A run with one round, whose plan is its event 0. */
export async function beginPlannedRound(store: Store): Promise<void> {
  await store.addRun(run);
  await store.addRound(run.run, run.task, 1, whole);
  const event: RoundEvent = { type: 'planned', at: NOW, planHash: hex('f'), threshold: 3, deadlines };
  await store.append({ run: run.run, round: 1, group: 0, seq: 0, event, plan: { hash: hex('f'), signed: planned } });
}

export const countedOnceCases: readonly Case<Store>[] = [
  {
    promise: 'takes one update a device and one answer of each kind a member, and no second',
    async run(open) {
      const store = await open();
      await beginPlannedRound(store);
      const at = { run: run.run, round: 1, group: 0 };
      let seq = 1;
      for (const [one, other] of RIVALS) {
        await store.append({ ...at, seq: seq++, event: one });
        ensure(await fails(store.append({ ...at, seq, event: other })), `a second ${other.type} was taken`);
      }
      await store.append({ ...at, seq: seq++, event: update(hex('b'), hex('1')) });
      const events = await store.events(run.run, 1);
      const expected = ['planned', 'update', 'answer', 'vote', 'opening', 'update'];
      ensureEqual(
        events.map(({ type }) => type),
        expected,
        'events',
      );
      await store.close();
    },
  },
  {
    promise: 'takes no update again that was taken back',
    async run(open) {
      const store = await open();
      await beginPlannedRound(store);
      const at = { run: run.run, round: 1, group: 0 };
      await store.append({ ...at, seq: 1, event: update(hex('a'), hex('1')) });
      await store.append({ ...at, seq: 2, event: { type: 'withdrawn', at: NOW, device: hex('a') } });
      ensure(await fails(store.append({ ...at, seq: 3, event: update(hex('a'), hex('1')) })), 'it came again');
      await store.close();
    },
  },
  {
    promise: 'takes the same entry again as the same, as its answer may have been lost on the way',
    async run(open) {
      const store = await open();
      await beginPlannedRound(store);
      const entry = { run: run.run, round: 1, group: 0, seq: 1, event: update(hex('a'), hex('1')) };
      await store.append(entry);
      await store.append(entry);
      ensureEqual((await store.events(run.run, 1)).length, 2, 'events');
      await store.close();
    },
  },
  {
    promise:
      'gives the plan, the transcript and the outcome back that came with events and a conclusion, after it is opened again',
    async run(open) {
      const first = await open();
      await beginPlannedRound(first);
      const outcome = { kind: 'abandoned', round: 1, reason: 'stopped', startedAt: NOW, endedAt: NOW + 1 } as const;
      await first.conclude({
        run: run.run,
        round: 1,
        entries: [{ group: 0, seq: 1, event: left(hex('a'), NOW) }],
        contributors: [],
        model: { hash: hex('7'), task: run.task },
        transcript: { hash: hex('5'), signed: transcript },
        outcome,
      });
      await first.close();
      const again = await open();
      ensureEqual(await again.plan(hex('f')), planned, 'plan');
      ensureEqual(await again.plan(hex('0')), undefined, 'plan of another hash');
      ensureEqual(await again.transcript(hex('5')), transcript, 'transcript');
      ensureEqual(await again.transcript(hex('0')), undefined, 'transcript of another hash');
      ensureEqual(
        await again.rounds(run.run),
        [{ run: run.run, round: 1, parts: [{ group: 0, setup, planHash: hex('f') }], outcome }],
        'rounds',
      );
      await again.close();
    },
  },
];
