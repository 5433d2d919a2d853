import { readHistory } from '@sotto/participant/history';
import { readLedger } from '@sotto/participant/ledger';
import { isRejection } from '@sotto/protocol/rejection';
import { afterEach, expect, it } from 'vitest';
import type { RunRequest } from '../src/rounds/run-request.ts';
import { type Guest, type Hall, openHall, seatGuest, TASK, until } from './hall.ts';
import { createMockClock } from './mock-clock.ts';

let hall: Hall;
const guests: Guest[] = [];
afterEach(async () => {
  for (const { participant } of guests.splice(0)) await participant.leave();
  await hall.crash();
});

async function enter(clock: ReturnType<typeof createMockClock>, vault?: Guest['vault']): Promise<Guest> {
  const guest = await seatGuest(hall, clock, { ...(vault && { vault }) });
  guests.push(guest);
  return guest;
}

async function play(request: Partial<RunRequest>) {
  const run = await hall.runs.create({ task: TASK, rounds: 1, overSelection: 1, cohort: { least: 5 }, ...request });
  if (isRejection(run)) throw new Error(run.message);
  await until('the run is over', () => hall.runs.get(run.run)!.state === 'finished');
  return hall.runs.get(run.run)!.rounds[0]!;
}

const stateOf = ({ participant }: Guest) => participant.state();

it('a run with a smaller cohort than was agreed to goes on without those who have not agreed, and with whoever agrees', async () => {
  const clock = createMockClock();
  hall = await openHall({ clock });
  const wary = await enter(clock);
  for (let i = 0; i < 4; i++) await enter(clock);
  expect(await play({ minimumCohort: 5 })).toMatchObject({ kind: 'published', contributors: 5 });
  // Four others, who were not there when five was agreed to.
  for (const { participant } of guests.splice(1)) await participant.leave();
  for (let i = 0; i < 4; i++) await enter(clock);

  const second = play({ minimumCohort: 3 });
  await until('it has gone', () => hall.runs.status(TASK)!.present === 4);
  await until('no update is waited for', () => hall.runs.status(TASK)!.phase === 'checking');
  // What a device that has gone is waited for on the committee.
  clock.advance(10_000);
  expect(await second).toMatchObject({ kind: 'published', contributors: 4 });
  await until('it has refused', () => stateOf(wary).disagreement);
  expect(stateOf(wary).disagreement!.changes).toEqual([{ term: 'minimumCohort', agreed: 5, now: 3 }]);
  expect(stateOf(wary).problem).toMatchObject({ rejected: 'changed_cohort' });
  expect(stateOf(wary).ledger.slice(-1)).toMatchObject([{ name: 'withdraw' }]);
  expect(stateOf(wary).ledger.filter(({ name }) => name === 'upload')).toHaveLength(1);

  await wary.participant.agree();
  await until('it is back', () => stateOf(wary).connection === 'connected');
  expect(stateOf(wary)).toMatchObject({ disagreement: null, problem: null, agreement: { minimumCohort: 3 } });
  expect(await play({ minimumCohort: 3 })).toMatchObject({ kind: 'published', contributors: 5 });
  await until('the receipt is there', () => stateOf(wary).history.at(-1)?.receipt);

  // What was agreed to, what left and what was taken part in outlive the session.
  await wary.participant.leave();
  const before = stateOf(wary);
  const again = await enter(clock, wary.vault);
  expect(stateOf(again)).toMatchObject({ agreement: before.agreement, history: before.history });
  expect(before.history.map(({ receipt }) => receipt?.part)).toEqual(['included', 'included']);
  expect(stateOf(again).ledger.slice(0, before.ledger.length)).toEqual(before.ledger);
  const place = { coordinator: stateOf(again).coordinator!, task: TASK };
  expect(await readLedger(wary.vault, place)).toEqual(stateOf(again).ledger);
  expect(await readHistory(wary.vault, place)).toEqual(before.history);
});
