import { afterEach, expect, it } from 'vitest';
import { createGuest, type Guest, type Hall, openHall, seatGuest, TASK, until } from './hall.ts';
import { createMockClock } from './mock-clock.ts';

let hall: Hall;
const guests: Guest[] = [];
afterEach(async () => {
  for (const { participant } of guests.splice(0)) await participant.leave();
  await hall.crash();
});

const [BEFORE, AFTER] = ['a'.repeat(64), 'b'.repeat(64)] as const;

it('a device whose examples were read for what the task no longer is takes part no more, until they are read anew', async () => {
  const clock = createMockClock();
  let examples: string | null = BEFORE;
  hall = await openHall({ clock, examplesOf: () => examples });
  const enter = async (options: { readonly examples?: string }) => {
    const guest = await seatGuest(hall, clock, options);
    guests.push(guest);
    return guest;
  };
  const [reader, ofOld] = [await enter({ examples: BEFORE }), await enter({})];
  const problemOf = ({ participant }: Guest) => participant.state().problem?.rejected;

  examples = AFTER;
  await hall.desk.review(TASK, null);
  await until('it was told', () => problemOf(reader) === 'changed_task');
  expect(reader.participant.state().connection).toBe('off');
  expect(ofOld.participant.state()).toMatchObject({ connection: 'connected', problem: null });

  const late = await createGuest(clock, { examples: BEFORE });
  guests.push(late);
  late.wire.connect(hall);
  await late.participant.join();
  await until('it is refused', () => problemOf(late) === 'changed_task');
  await enter({ examples: AFTER });
  expect(hall.sessions.present(TASK)).toHaveLength(2);

  // Nobody takes part in what was put away.
  examples = null;
  await hall.desk.review(TASK, null);
  await until('they were told', () => problemOf(ofOld) === 'unknown_task');
  expect(hall.sessions.present(TASK)).toHaveLength(0);
});
