import { expect, it } from 'vitest';
import { createAttendance } from '../src/desk/attendance.ts';
import { createSessions, type Live } from '../src/desk/sessions.ts';
import { createMockClock } from './mock-clock.ts';

it('writes down how long everybody was here in one go, and no moment twice', async () => {
  const clock = createMockClock();
  const sessions = createSessions();
  const noted: (readonly (readonly [device: string, ms: number])[])[] = [];
  const attended = async (_task: string, stretches: ReadonlyMap<string, number>) => void noted.push([...stretches]);
  const attendance = createAttendance({ store: { attended }, sessions, clock });
  const live = (device: string) =>
    ({ device, task: 't', standing: 'admitted', since: clock.now(), attended: 0 }) as unknown as Live;
  await attendance.note('t');
  const first = live('a');
  sessions.enter(first);
  clock.advance(5);
  sessions.enter(live('b'));
  clock.advance(10);
  sessions.enter(live('c'));
  await attendance.note('t');
  clock.advance(7);
  sessions.leave(first);
  await attendance.left(first);
  await attendance.note('t');
  expect(noted).toEqual([
    [
      ['a', 15],
      ['b', 10],
    ],
    [['a', 7]],
    [
      ['b', 7],
      ['c', 7],
    ],
  ]);
});
