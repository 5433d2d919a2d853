import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Round, RoundEvent, RoundSetup } from '../../src/round/round.ts';
import { answer, DEVICES, OUTSIDER, oneTimeKey, opening, update, vote } from './messages.ts';
import { createHost, type Findings, type Host, id, isOver } from './round-host.ts';

const DURATIONS = { keysMs: 100, uploadMs: 1000, checkMs: 1000, voteMs: 1000, openMs: 1000, returnMs: 50 };

const setups: fc.Arbitrary<RoundSetup> = fc
  .record({
    cohort: fc.subarray(DEVICES, { minLength: 4 }),
    seats: fc.shuffledSubarray(DEVICES, { minLength: 4 }),
    most: fc.integer({ min: 3, max: 7 }),
    minimumCohort: fc.constantFrom(3, 3, 3, 4, 6),
    nMax: fc.integer({ min: 3, max: 8 }),
    quorum: fc.integer({ min: 3, max: 8 }),
    unreliable: fc.oneof(fc.constant([]), fc.subarray(DEVICES)),
    returnMs: fc.constantFrom(0, 50, 5000),
  })
  .map(({ cohort, seats, most, minimumCohort, nMax, quorum, unreliable, returnMs }) => ({
    cohort,
    unreliable,
    seats,
    committee: { most, least: 3 },
    minimumCohort,
    quorum: Math.max(minimumCohort, Math.min(quorum, nMax)),
    nMax,
    durations: { ...DURATIONS, returnMs },
    startedAt: 10_000,
  }));

const findings: fc.Arbitrary<Findings> = fc.record({
  dropped: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.subarray(DEVICES, { maxLength: 3 }) },
  ),
  steppedAside: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.subarray([1, 2, 3, 4, 5], { maxLength: 2 }) },
  ),
  wrongOpenings: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.subarray([1, 2, 3, 4, 5], { maxLength: 2 }) },
  ),
});

type Action =
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'work' }
  | { readonly do: 'restart' }
  /** These devices do honestly what they are asked for. */
  | { readonly do: 'obey'; readonly who: readonly string[] }
  | { readonly do: 'event'; readonly type: RoundEvent['type']; readonly device: string; readonly lie: number };

const device = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...DEVICES) },
  { weight: 1, arbitrary: fc.constantFrom(OUTSIDER, '', 'constructor', '__proto__') },
);
const type = fc.oneof(
  { weight: 1, arbitrary: fc.constant<RoundEvent['type']>('withdrawn') },
  {
    weight: 50,
    arbitrary: fc.constantFrom<RoundEvent['type']>(
      ...([
        'one-time-key',
        'update',
        'update',
        'left',
        'returned',
        'answer',
        'answer',
        'vote',
        'vote',
        'opening',
        'opening',
      ] as const),
    ),
  },
);
/** The host itself, out of turn: a job of a dead process that answers late, or twice. */
const ownType = fc.constantFrom<RoundEvent['type']>(
  'planned',
  'judged',
  'summed',
  'opened',
  'not-opened',
  'published',
  'failed',
  'clock',
);
const lie = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 5 }) },
);

const eventActions = fc.record({ do: fc.constant('event' as const), type, device, lie });
const ownActions = fc.record({ do: fc.constant('event' as const), type: ownType, device, lie });
const advances = fc.record({
  do: fc.constant('advance' as const),
  ms: fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: 0, max: 60 }) },
    { weight: 1, arbitrary: fc.constantFrom(1000, 86_400_000) },
  ),
});
const backwards = fc.record({ do: fc.constant('advance' as const), ms: fc.constantFrom(-1, -500, -86_400_000) });
const works = fc.constant<Action>({ do: 'work' });
const restarts = fc.constant<Action>({ do: 'restart' });
const obeys = fc.record({
  do: fc.constant('obey' as const),
  who: fc.oneof({ weight: 4, arbitrary: fc.constant(DEVICES) }, { weight: 1, arbitrary: fc.subarray(DEVICES) }),
});

const anything: fc.Arbitrary<Action> = fc.oneof(
  { weight: 30, arbitrary: eventActions },
  { weight: 1, arbitrary: ownActions },
  { weight: 4, arbitrary: advances },
  { weight: 1, arbitrary: backwards },
  { weight: 8, arbitrary: works },
  { weight: 6, arbitrary: obeys },
  { weight: 2, arbitrary: restarts },
);

/** The event an action means in this round; `lie` bends one thing of it. */
function eventFor(host: Host, { type, device, lie }: Extract<Action, { do: 'event' }>): RoundEvent {
  const round = host.round();
  const at = host.now();
  const committee: readonly string[] = 'committee' in round ? round.committee : [];
  const place = committee.indexOf(device) + 1;
  const x = lie === 1 ? place + 1 : lie === 2 ? [-1, 0, 0.5, Number.NaN, 2 ** 40][device.length % 5]! : place;
  const version = lie === 3 ? 1 : 0;
  const otherList = lie === 4;
  const candidates = 'candidatesHash' in round && !otherList ? round.candidatesHash : id('another list');
  const fixed = 'contributorsHash' in round ? round.contributorsHash : null;
  const contributors = fixed !== null && !otherList ? fixed : id('another list');
  switch (type) {
    case 'one-time-key':
      return oneTimeKey(at, device, version);
    case 'update':
      return update(at, device, version);
    case 'answer':
      return answer(at, device, x, candidates, version);
    case 'vote':
      return vote(at, device, x, contributors);
    case 'opening':
      return opening(at, device, x, contributors, version);
    case 'left':
    case 'returned':
    case 'withdrawn':
      return { type, at, device };
    case 'planned':
      return {
        type,
        at,
        planHash: id('late plan'),
        threshold: 3,
        deadlines: { upload: 1, check: 1, vote: 1, open: 1 },
      };
    case 'judged':
      return { type, at, dropped: [device], steppedAside: [lie] };
    case 'summed':
      return { type, at, sum: id(`late sum ${lie}`) };
    case 'opened':
      return { type, at, mean: id('late mean'), metadata: [], blamed: [] };
    case 'not-opened':
      return { type, at, tried: lie };
    case 'published':
      return { type, at, transcript: id('late transcript') };
    case 'failed':
      return lie === 5 ? { type, at, reason: 'stopped' } : { type: 'clock', at };
    case 'clock':
      return { type, at };
  }
}

function obey(host: Host, who: readonly string[]): void {
  const types: Partial<Record<Round['phase'], RoundEvent['type'][]>> = {
    summoning: ['one-time-key'],
    collecting: ['update'],
    checking: ['answer'],
    voting: ['vote'],
    opening: ['vote', 'opening'],
  };
  for (const type of types[host.round().phase] ?? [])
    for (const device of who) host.apply(eventFor(host, { do: 'event', type, device, lie: 0 }));
}

function perform(host: Host, action: Action): void {
  if (action.do === 'advance') host.advance(action.ms);
  else if (action.do === 'work') host.work();
  else if (action.do === 'restart') host.restart();
  else if (action.do === 'obey') obey(host, action.who);
  else host.apply(eventFor(host, action));
}

const lists = fc.array(anything, { maxLength: 80, size: 'max' });

describe('a round, over random lists of events', () => {
  it('keeps every rule at every step and ends published or abandoned, whatever happens', () => {
    const ends = new Map<string, number>();
    fc.assert(
      fc.property(setups, findings, lists, (setup, found, actions) => {
        const host = createHost(setup, found);
        for (const action of actions) perform(host, action);
        const end = host.finish();
        const name = end.phase === 'abandoned' ? end.reason : end.phase;
        ends.set(name, (ends.get(name) ?? 0) + 1);
      }),
      { numRuns: 800, seed: 2026 },
    );
    // The lists reach far: a test of rounds that all die young would prove little.
    for (const name of [
      'published',
      'too_few_members',
      'too_few_updates',
      'too_few_answers',
      'too_few_contributors',
      'too_few_votes',
      'too_few_openings',
      'sum_not_openable',
      'stopped',
    ])
      expect([...ends.keys()], JSON.stringify([...ends])).toContain(name);
  });

  it('ends the same way whenever and however often the process is restarted', () => {
    const calm: fc.Arbitrary<Action> = fc.oneof(
      { weight: 8, arbitrary: eventActions },
      { weight: 2, arbitrary: advances },
      { weight: 4, arbitrary: works },
      { weight: 3, arbitrary: obeys },
    );
    const steps = fc.array(fc.record({ action: calm, restarts: fc.boolean() }), { maxLength: 60, size: 'max' });
    fc.assert(
      fc.property(setups, findings, steps, (setup, found, list) => {
        const steady = createHost(setup, found);
        const shaken = createHost(setup, found);
        for (const { action, restarts } of list) {
          perform(steady, action);
          perform(shaken, action);
          if (restarts) shaken.restart();
          expect(shaken.round()).toEqual(steady.round());
        }
        shaken.restart();
        expect(shaken.finish()).toEqual(steady.finish());
      }),
      { numRuns: 250 },
    );
  });

  it('goes on from its store after the process was down for a while, at whatever moment it died', () => {
    fc.assert(
      fc.property(setups, findings, lists, fc.integer({ min: 0, max: 5000 }), (setup, found, actions, downtime) => {
        const host = createHost(setup, found);
        for (const action of actions) {
          perform(host, action);
          if (isOver(host.round())) return;
        }
        host.sleep(downtime);
        host.restart();
        obey(host, DEVICES);
        host.finish();
      }),
      { numRuns: 250 },
    );
  });

  it('is published whenever everyone is honest and enough members stay, in any order of arrival', () => {
    const orders = fc.array(fc.shuffledSubarray(DEVICES, { minLength: 8 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(orders, fc.integer({ min: 0, max: 2 }), fc.boolean(), (order, gone, restarts) => {
        const setup: RoundSetup = {
          cohort: DEVICES,
          unreliable: [],
          seats: DEVICES,
          committee: { most: 7, least: 3 },
          minimumCohort: 3,
          quorum: 6,
          nMax: 8,
          durations: DURATIONS,
          startedAt: 0,
        };
        const host = createHost(setup, { dropped: [], steppedAside: [], wrongOpenings: [] });
        const all = (type: RoundEvent['type'], devices: readonly string[]) => {
          for (const device of devices) {
            host.apply(eventFor(host, { do: 'event', type, device, lie: 0 }));
            if (restarts) host.restart();
          }
          while (host.work());
        };
        all('one-time-key', order[0]!);
        all('update', order[1]!);
        const round = host.round();
        if (round.phase !== 'checking') throw new Error(`the round is ${round.phase}`);
        // m = 7, t = 5: any two may go, at any time.
        const leaving = round.committee.slice(0, gone);
        for (const device of leaving) host.apply({ type: 'left', at: host.now(), device });
        const staying = (devices: readonly string[]) => devices.filter((device) => !leaving.includes(device));
        all('answer', staying(order[2]!));
        host.advance(DURATIONS.returnMs);
        while (host.work());
        all('vote', staying(order[3]!));
        all('opening', staying(order[4]!));
        const end = host.finish();
        expect(end.phase).toBe('published');
        if (end.phase === 'published') expect(end.contributors).toEqual(DEVICES);
      }),
      { numRuns: 100 },
    );
  });
});
