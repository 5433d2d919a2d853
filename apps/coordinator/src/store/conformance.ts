import type { RoundEvent, RoundSetup } from '@sotto/fl-core/round/round';
import type { Certificate } from '@sotto/protocol/certificate';
import { DEFAULT_DURATIONS, type RoundOutcome } from '@sotto/protocol/run';
import { type Case, ensure, ensureEqual } from '../conformance.ts';
import type { RunRecord, Store } from './store.ts';

const hex = (digit: string) => digit.repeat(64);
const NOW = 1_800_000_000_000;

const run: RunRecord = {
  run: 'numbers-1',
  task: 'numbers',
  state: 'running',
  note: null,
  config: {
    task: 'numbers',
    rounds: 2,
    cohort: { least: 3, most: 5 },
    minimumCohort: 3,
    committee: 'drawn',
    admission: 'open',
    lanes: 2,
    durations: DEFAULT_DURATIONS,
    seed: 7,
  },
  startedAt: NOW,
  initial: { model: hex('0'), testAccuracy: 0.1, testLoss: 2.3 },
};
const setup: RoundSetup = {
  cohort: [hex('a'), hex('b')],
  seats: [hex('a')],
  committee: { most: 3, least: 3 },
  minimumCohort: 3,
  nMax: 3,
  durations: DEFAULT_DURATIONS,
  startedAt: NOW,
};
const outcome: RoundOutcome = { kind: 'abandoned', round: 1, reason: 'stopped', startedAt: NOW, endedAt: NOW + 1 };
const left = (device: string, at: number): RoundEvent => ({ type: 'left', device, at });
const certificate = (role: Certificate['role'], expiry: number): Certificate => ({
  id: hex('c'),
  key: hex('d'),
  task: 'numbers',
  role,
  expiry,
  signature: hex('e').repeat(2),
});

async function fails(action: Promise<unknown>): Promise<boolean> {
  return action.then(
    () => false,
    () => true,
  );
}

/** What every store promises. */
export const storeCases: readonly Case<Store>[] = [
  {
    promise: 'keeps the first value under a name for ever',
    async run(open) {
      const first = await open();
      ensureEqual(await first.recall('coordinator'), undefined, 'none yet');
      ensureEqual(await first.remember('coordinator', 'one'), 'one', 'first');
      await first.close();
      const again = await open();
      ensureEqual(await again.remember('coordinator', 'two'), 'one', 'second');
      ensureEqual(await again.recall('coordinator'), 'one', 'recalled');
      await again.close();
    },
  },
  {
    promise: 'knows the parameters of a model for its very topology only',
    async run(open) {
      const store = await open();
      await store.saveTask('numbers', '{"a":1}', 10, NOW);
      ensureEqual(await store.parametersOf('numbers', '{"a":1}'), 10, 'same');
      ensureEqual(await store.parametersOf('numbers', '{"a":2}'), undefined, 'changed');
      await store.saveTask('numbers', '{"a":2}', 20, NOW);
      ensureEqual(await store.parametersOf('numbers', '{"a":2}'), 20, 'changed and saved');
      await store.close();
    },
  },
  {
    promise: 'gives runs, rounds and events back in their order after it is opened again',
    async run(open) {
      const first = await open();
      await first.addRun(run);
      await first.addRound(run.run, run.task, 1, setup);
      for (let seq = 0; seq < 12; seq++)
        await first.append({ run: run.run, round: 1, seq, event: left(hex('a'), NOW + seq) });
      await first.append({ run: run.run, round: 1, seq: 12, event: left(hex('b'), NOW), outcome });
      await first.setRunState(run.run, 'stopped', 'enough');
      await first.close();
      const again = await open();
      ensureEqual(await again.runs(), [{ ...run, state: 'stopped', note: 'enough' }], 'runs');
      ensureEqual(await again.rounds(run.run), [{ run: run.run, round: 1, setup, planHash: null, outcome }], 'rounds');
      const events = await again.events(run.run, 1);
      ensureEqual(
        events.map(({ at }) => at - NOW),
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0],
        'events',
      );
      ensureEqual(await again.events(run.run, 2), [], 'events of no round');
      await again.close();
    },
  },
  {
    promise: 'takes an event and what goes with it together or not at all, and each place in a round once',
    async run(open) {
      const store = await open();
      await store.addRun(run);
      await store.addRound(run.run, run.task, 1, setup);
      await store.append({ run: run.run, round: 1, seq: 0, event: left(hex('a'), NOW) });
      ensure(
        await fails(store.append({ run: run.run, round: 1, seq: 0, event: left(hex('b'), NOW), outcome })),
        'an event was overwritten',
      );
      ensureEqual((await store.rounds(run.run))[0]?.outcome, null, 'the outcome of a refused event');
      ensureEqual(await store.events(run.run, 1), [left(hex('a'), NOW)], 'the first event');
      ensure(await fails(store.addRound(run.run, run.task, 1, setup)), 'a round was begun twice');
      ensure(
        await fails(store.append({ run: run.run, round: 9, seq: 0, event: left(hex('a'), NOW) })),
        'an event of no round was taken',
      );
      await store.close();
    },
  },
  {
    promise: 'counts for each device how often it was asked and how often it contributed',
    async run(open) {
      const store = await open();
      const device = { device: hex('a'), task: 'numbers', key: hex('d'), contributes: true, lastSeen: NOW };
      await store.sawDevice(device);
      await store.addRun(run);
      await store.addRound(run.run, run.task, 1, setup);
      await store.append({ run: run.run, round: 1, seq: 0, event: left(hex('b'), NOW), contributors: [hex('a')] });
      await store.sawDevice({ ...device, contributes: false, lastSeen: NOW + 1 });
      const [found] = await store.devices();
      ensure(found, 'the device is gone');
      const { asked, contributed, contributes, lastSeen } = found;
      ensureEqual(
        { asked, contributed, contributes, lastSeen },
        { asked: 1, contributed: 1, contributes: false, lastSeen: NOW + 1 },
        'device',
      );
      await store.close();
    },
  },
  {
    promise: 'keeps the certificate that lives longest, one a role, while it lives',
    async run(open) {
      const store = await open();
      await store.keepCertificate(certificate('member', NOW + 10));
      await store.keepCertificate(certificate('member', NOW + 20));
      await store.keepCertificate(certificate('member', NOW + 15));
      await store.keepCertificate(certificate('device', NOW + 5));
      const kept = async (now: number) => (await store.certificates('numbers', now)).map(({ expiry }) => expiry - NOW);
      ensureEqual(await kept(NOW), [5, 20], 'both roles');
      ensureEqual(await kept(NOW + 5), [20], 'one expired');
      ensureEqual(await store.certificates('numbers', NOW, hex('f')), [], 'of another device');
      ensureEqual(await store.certificates('other', NOW, hex('c')), [], 'of another task');
      await store.close();
    },
  },
  {
    promise: 'knows a session until it is closed or runs out',
    async run(open) {
      const store = await open();
      await store.openSession('one', NOW + 10);
      await store.openSession('two', NOW + 10);
      ensure(await store.hasSession('one', NOW), 'a session is unknown');
      await store.closeSession('one');
      ensure(!(await store.hasSession('one', NOW)), 'a closed session is known');
      ensure(await store.hasSession('two', NOW + 9), 'a session ran out early');
      ensure(!(await store.hasSession('two', NOW + 10)), 'a session outlived its time');
      await store.audit(NOW, 'sign out', { session: 1 });
      await store.close();
    },
  },
];
