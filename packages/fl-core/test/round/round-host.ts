import { sha256Hex } from '@sotto/protocol/digest';
import { leastThreshold } from '@sotto/protocol/plan';
import { encodeUtf8 } from '@sotto/protocol/utf8';
import { expect } from 'vitest';
import { begin, resume, step } from '../../src/round/coordinator.ts';
import type { Effect, Round, RoundEvent, RoundSetup, Step } from '../../src/round/round.ts';
import { deepFreeze } from './frozen.ts';

/** 32 bytes in hexadecimal, one for each name. */
export const id = (name: string): string => sha256Hex(encodeUtf8(name));

export const PHASES = [
  'summoning',
  'planning',
  'collecting',
  'checking',
  'judging',
  'voting',
  'opening',
  'publishing',
  'published',
  'abandoned',
] as const;

/** What the host's own work comes to. */
export interface Findings {
  readonly dropped: readonly string[];
  readonly steppedAside: readonly number[];
  /** Places whose openings do not fit the others. */
  readonly wrongOpenings: readonly number[];
}

type Job = Exclude<Effect['do'], 'remind' | 'wake' | 'finish'>;

/**
 * A host in memory: it stores the events that changed the round, does its jobs when told to, keeps one timer for each wake, and can lose
 * everything but its store. After every step it checks what must hold for any list of events.
 */
export function createHost(setup: RoundSetup, findings: Findings) {
  const stored: RoundEvent[] = [];
  let jobs: Job[] = [];
  let timers = new Set<number>();
  let clockEvents = 0;
  let now = setup.startedAt;
  let round = take(deepFreeze(begin(deepFreeze(setup))), now);

  function take({ round: next, effects }: Step, at: number): Round {
    for (const effect of effects) {
      if (effect.do === 'wake') {
        expect(effect.at).toBeGreaterThan(at);
        timers.add(effect.at);
      } else if (effect.do !== 'remind' && effect.do !== 'finish') jobs.push(effect.do);
    }
    return next;
  }

  function apply(event: RoundEvent): Step {
    const before = round;
    const result = deepFreeze(step(before, deepFreeze(event)));
    checkStep(before, event, result);
    if (result.round !== before) stored.push(event);
    round = take(result, event.at);
    return result;
  }

  /** The host's answer to its oldest job; jobs of a round that is over die with it. */
  function work(): boolean {
    const job = jobs.shift();
    if (!job) return false;
    const answer = answerTo(job);
    if (answer) apply({ ...answer, at: now } as RoundEvent);
    return true;
  }

  function answerTo(job: Job): Omit<RoundEvent, 'at'> | undefined {
    switch (job) {
      case 'make-plan': {
        if (round.phase !== 'planning') return undefined;
        const deadlines = { upload: now + 1000, check: now + 2000, vote: now + 3000, open: now + 4000 };
        return {
          type: 'planned',
          planHash: id('plan'),
          threshold: leastThreshold(round.members.length),
          deadlines,
        } as never;
      }
      case 'judge':
        return round.phase === 'judging'
          ? ({ type: 'judged', dropped: findings.dropped, steppedAside: findings.steppedAside } as never)
          : undefined;
      case 'sum':
        return 'sum' in round ? ({ type: 'summed', sum: id('sum') } as never) : undefined;
      case 'open': {
        if (round.phase !== 'opening') return undefined;
        const places = Object.keys(round.openings).map(Number);
        const fitting = places.filter((x) => !findings.wrongOpenings.includes(x));
        return fitting.length >= round.threshold
          ? ({ type: 'opened', model: id('model'), metadata: [1], blamed: [] } as never)
          : ({ type: 'not-opened', tried: places.length } as never);
      }
      case 'publish':
        return round.phase === 'publishing'
          ? ({ type: 'published', transcript: id('transcript') } as never)
          : undefined;
    }
  }

  /** Time passes; timers that come due on the way fire at their time. Backwards, it is the clock that was set. */
  function advance(ms: number): void {
    const until = now + ms;
    for (let due = nextTimer(); due !== undefined && due <= until; due = nextTimer()) {
      timers.delete(due);
      now = Math.max(now, due);
      clockEvents++;
      apply({ type: 'clock', at: due });
    }
    now = until;
  }

  /** The process is down: time passes and no timer fires. */
  function sleep(ms: number): void {
    now += ms;
  }

  function nextTimer(): number | undefined {
    return timers.size > 0 ? Math.min(...timers) : undefined;
  }

  /** The process dies; only the store survives. */
  function restart(): void {
    jobs = [];
    timers = new Set();
    const folded = fold();
    expect(folded).toEqual(round);
    const resumed = deepFreeze(resume(deepFreeze(folded), now));
    expect(resumed.round).toBe(folded);
    round = take(resumed, now);
  }

  function fold(): Round {
    return stored.reduce((state, event) => step(state, event).round, begin(setup).round);
  }

  /** Everybody falls silent but the host: its jobs and the clock must bring the round to an end. */
  function finish(): Round {
    const before = clockEvents;
    for (let turns = 0; !isOver(round); turns++) {
      expect(turns, `stuck ${round.phase}`).toBeLessThan(500);
      if (work()) continue;
      const due = nextTimer();
      expect(due, `nothing will ever happen to a round that is ${round.phase}`).toBeDefined();
      advance(Math.max(0, due! - now));
    }
    // Each phase is woken by its deadline and by whoever left; more would be a busy loop.
    expect(clockEvents - before).toBeLessThan(200);
    expect(fold()).toEqual(round);
    return round;
  }

  return {
    apply,
    work,
    advance,
    sleep,
    restart,
    finish,
    round: () => round,
    now: () => now,
    jobs: () => jobs.length,
  };
}

export type Host = ReturnType<typeof createHost>;

export function isOver({ phase }: Round): boolean {
  return phase === 'published' || phase === 'abandoned';
}

/** What holds of every step, whatever the event. */
function checkStep(before: Round, event: RoundEvent, { round: after, effects, refused }: Step): void {
  if (refused) {
    expect(after).toBe(before);
    expect(effects).toEqual([]);
  }
  if (isOver(before)) expect(after).toBe(before);
  expect(PHASES.indexOf(after.phase)).toBeGreaterThanOrEqual(PHASES.indexOf(before.phase));

  if ('planHash' in before && after.phase !== 'abandoned') expect(after).toHaveProperty('planHash', before.planHash);
  if ('updates' in after) {
    const devices = Object.keys(after.updates);
    expect(devices.length).toBeLessThanOrEqual(after.setup.nMax);
    for (const device of devices) expect(after.setup.cohort).toContain(device);
    if ('updates' in before) {
      // Counted once, under the first digest; frozen with the candidates.
      for (const device of devices)
        if (device in before.updates) expect(after.updates[device]).toBe(before.updates[device]);
      if (before.phase !== 'collecting') expect(after.updates).toEqual(before.updates);
    }
  }
  if ('answers' in after) {
    expect(Object.keys(after.updates).length).toBeGreaterThanOrEqual(after.setup.minimumCohort);
    if ('answers' in before) {
      expect(after.candidatesHash).toBe(before.candidatesHash);
      expect(after.answers).toMatchObject(before.answers);
      if (before.phase !== 'checking') expect(after.answers).toEqual(before.answers);
    }
    if (after.phase !== 'checking') expect(Object.keys(after.answers).length).toBeGreaterThanOrEqual(after.threshold);
  }
  if ('contributors' in after) {
    const { contributors, votes, setup, updates } = after;
    expect(contributors.length).toBeGreaterThanOrEqual(Math.max(3, setup.minimumCohort));
    expect(contributors.length).toBeLessThanOrEqual(setup.nMax);
    expect(contributors).toEqual([...new Set(contributors)].sort());
    for (const device of contributors) expect(updates).toHaveProperty(device);
    const voters = votes.map(({ x }) => x);
    expect(new Set(voters).size).toBe(voters.length);
    for (const x of voters) {
      expect(after.answers).toHaveProperty(String(x));
      expect(after.steppedAside).not.toContain(x);
    }
    if (after.phase !== 'voting') expect(votes.length).toBeGreaterThanOrEqual(after.threshold);
    if ('contributors' in before) {
      // U is fixed once, and so is every vote.
      expect(after.contributorsHash).toBe(before.contributorsHash);
      expect(after.contributors).toEqual(before.contributors);
      expect(votes.slice(0, before.votes.length)).toEqual(before.votes);
      if (before.sum !== null) expect(after.sum).toBe(before.sum);
    }
  }
  if (after.phase === 'opening') {
    if (before.phase === 'opening') expect(after.openings).toMatchObject(before.openings);
    for (const x of Object.keys(after.openings)) expect(after.steppedAside).not.toContain(Number(x));
  }
  if (after.phase === 'publishing' && before.phase !== 'publishing') {
    expect(before.phase).toBe('opening');
    if (before.phase === 'opening')
      expect(Object.keys(before.openings).length).toBeGreaterThanOrEqual(before.threshold);
    expect(after.sum).not.toBeNull();
  }
  if (event.type === 'vote' && 'votes' in before && after !== before)
    expect(event.contributors).toBe(before.contributorsHash);
}
