import { afterNews, type LiveView } from '@sotto/protocol/admin/live';
import { isRejection } from '@sotto/protocol/rejection';
import { afterEach, describe, expect, it } from 'vitest';
import { createLiveNews } from '../src/rounds/live-news.ts';
import { type Guest, type Hall, openHall, seatGuest, TASK, until } from './hall.ts';
import { createMockClock } from './mock-clock.ts';

const halls: Hall[] = [];
const guests: Guest[] = [];
afterEach(async () => {
  for (const { participant } of guests.splice(0)) await participant.leave();
  for (const hall of halls.splice(0)) await hall.crash();
});

async function openRoom(count: number, options: Parameters<typeof seatGuest>[2] = {}) {
  const clock = createMockClock();
  const hall = await openHall({ clock });
  halls.push(hall);
  for (let i = 0; i < count; i++) guests.push(await seatGuest(hall, clock, options));
  return { clock, hall };
}

const withoutBytes = ({ round, ...view }: LiveView) => ({
  ...view,
  round: round && {
    ...round,
    devices: round.devices.map(({ bytes: _, ...device }) => device).sort((a, b) => (a.device < b.device ? -1 : 1)),
  },
});

describe('a page that watches a task', () => {
  it('has after each of the news what the coordinator has, from the first device’s coming to the last round’s end', async () => {
    const { clock, hall } = await openRoom(4);
    const live = createLiveNews({ runs: hall.runs, now: clock.now });
    let page = live.view(TASK)!;
    const phases = new Set<string>();
    const differing: unknown[] = [];
    let told = 0;
    const unsubscribe = hall.runs.onChange(() => {
      const next = afterNews(page, live.next(TASK)!);
      if (!next) throw new Error('there is a gap between the news');
      page = next;
      told += 1;
      phases.add(page.status.phase);
      const there = live.view(TASK)!;
      if (JSON.stringify(withoutBytes(page)) !== JSON.stringify(withoutBytes(there))) differing.push([page, there]);
    });
    const run = await hall.runs.create({ task: TASK, rounds: 2, cohort: { least: 4 } });
    if (isRejection(run)) throw new Error(run.message);
    await until('the run is finished', () => hall.runs.get(run.run)?.state === 'finished');
    unsubscribe();
    expect(differing).toEqual([]);
    expect(told).toBeGreaterThan(20);
    expect([...phases]).toEqual(
      expect.arrayContaining(['summoning', 'planning', 'collecting', 'checking', 'voting', 'opening', 'waiting']),
    );
    expect(page.status.state).toBe('finished');
    expect(page.round).toBeNull();
  });

  it('is told to ask again when news are missing, and is not confused by those it has', () => {
    const status = { task: TASK } as LiveView['status'];
    const facts = { received: {}, refused: {}, refusals: [] };
    const view: LiveView = { task: TASK, news: 3, now: 0, status, round: null, facts };
    expect(afterNews(view, { ...view, news: 5 })).toBeNull();
    expect(afterNews(view, { ...view, news: 3, now: 1 })).toBe(view);
    expect(afterNews(view, { ...view, news: 4, now: 1 })?.now).toBe(1);
  });
});

describe('a round that is over', () => {
  it('tells what each device did, when each phase began, and what came and was refused in it', async () => {
    const { clock, hall } = await openRoom(4);
    const run = await hall.runs.create({ task: TASK, rounds: 1, cohort: { least: 4 } });
    if (isRejection(run)) throw new Error(run.message);
    const device = guests[0]!.participant.state().device!;
    hall.runs.refused(TASK, { device, kind: 'vote', rejected: 'too_late', message: 'The vote is over.' });
    await until('the run is finished', () => hall.runs.get(run.run)?.state === 'finished');
    await until('its facts are kept', () => hall.store.facts(run.run, 1));
    const round = (await hall.runs.round(run.run, 1))!;
    expect(round.devices.map(({ update }) => update)).toEqual(['counted', 'counted', 'counted', 'counted']);
    expect(round.devices.filter(({ seat }) => seat === 'opened').length).toBeGreaterThanOrEqual(3);
    expect(round.parts).toMatchObject([{ group: 0, phase: 'publishing', asked: 4, updates: 4, contributors: 4 }]);
    expect(Object.keys(round.began)).toEqual([
      'summoning',
      'planning',
      'collecting',
      'checking',
      'voting',
      'opening',
      'publishing',
    ]);
    expect(round.facts!.received.collecting).toBeGreaterThan(4 * 4 * 8248);
    expect(round.facts!.refused).toEqual({ too_late: 1 });
    expect(round.facts!.refusals).toEqual([
      { at: clock.now(), device, kind: 'vote', rejected: 'too_late', message: 'The vote is over.' },
    ]);
    expect(await hall.runs.round(run.run, 2)).toBeUndefined();
  });

  it('tells who had done what by then, where it was abandoned', async () => {
    const { clock, hall } = await openRoom(4);
    const run = await hall.runs.create({ task: TASK, rounds: 1, cohort: { least: 4 }, minimumCohort: 4 });
    if (isRejection(run)) throw new Error(run.message);
    await until('some updates are in', () => hall.runs.status(TASK)!.contributors > 0);
    await hall.runs.stop(run.run);
    await until('the round is over', () => hall.runs.get(run.run)!.rounds.length === 1);
    clock.advance(1);
    const round = (await hall.runs.round(run.run, 1))!;
    expect(round.parts[0]).toMatchObject({ reason: 'stopped' });
    expect(round.parts[0]!.updates).toBeGreaterThan(0);
    expect(round.devices.some(({ update }) => update === 'sent' || update === 'counted')).toBe(true);
  });
});
