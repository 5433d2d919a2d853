import { join } from 'node:path';
import { isRejection } from '@sotto/protocol/rejection';
import { expect, it } from 'vitest';
import { openDatabase } from '../src/store/database.ts';
import { createDeviceRecords } from '../src/store/device-records.ts';
import { createGuest, newFolder, openHall, TASK, until } from './hall.ts';
import { createMockClock } from './mock-clock.ts';

it('fresh keys do not fill the store: of devices never asked, only those seen last are remembered', async () => {
  const db = await openDatabase({ url: null, path: join(newFolder(), 'sotto.sqlite') });
  const records = createDeviceRecords(db, { mostStrangers: 5, forgetEvery: 3 });
  const see = (name: string, lastSeen: number) =>
    records.sawDevice({
      about: null,
      device: name.padStart(64, '0'),
      task: TASK,
      key: 'ab'.repeat(32),
      contributes: true,
      lastSeen,
    });
  await see('f', 0);
  await db.updateTable('devices').set({ asked: 1 }).execute();
  for (let i = 1; i <= 100; i++) await see(String(i), i);
  const known = await records.devices();
  expect(known.length).toBeLessThanOrEqual(1 + 5 + 3);
  expect(known.filter(({ asked }) => asked > 0)).toHaveLength(1);
  expect(known.map(({ lastSeen }) => lastSeen)).toContain(100);
  await db.destroy();
});

it('a connection that flaps does not fill the store with its comings and goings, and the round goes on', async () => {
  const clock = createMockClock();
  const hall = await openHall({ clock });
  const guests = await Promise.all([0.1, 0.2, 0.3, 0.4].map((delta) => createGuest(clock, { delta })));
  for (const { wire, participant } of guests) {
    wire.connect(hall);
    await participant.join();
  }
  await until('all are in', () => hall.sessions.present(TASK).length === 4);
  const flapping = guests.at(-1)!;
  // It contributes nothing, so that the round is still there.
  const { request } = flapping.wire;
  flapping.wire.request = async (...args) => (args[0] === 'upload' ? new Promise(() => {}) : request(...args));
  const run = await hall.runs.create({ task: TASK, rounds: 1, cohort: { least: 4 } });
  if (isRejection(run)) throw new Error(run.message);
  const device = () => flapping.participant.state().device!;
  await until('updates are collected', () => hall.runs.status(TASK)!.contributors === 3);
  for (let i = 0; i < 40; i++) {
    flapping.wire.cut();
    await until('it is gone', () => !hall.sessions.find(TASK, device()));
    flapping.wire.connect(hall);
    await until('it is back', () => hall.sessions.find(TASK, device()));
  }
  const events = await hall.store.events(run.run, 1);
  expect(events.filter(({ type }) => type === 'left' || type === 'returned').length).toBeLessThanOrEqual(2 * 20 + 1);
  clock.advance(600_000);
  await until('the round is published', () => hall.runs.get(run.run)!.rounds[0]?.kind === 'published');
  for (const { participant } of guests) await participant.leave();
  await hall.crash();
});
