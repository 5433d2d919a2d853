import { sha256Hex } from '@sotto/protocol/digest';
import { leastThreshold } from '@sotto/protocol/plan';
import { encodeUtf8 } from '@sotto/protocol/utf8';
import { expect } from 'vitest';
import { begin, resume, step } from '../../src/round/coordinator.ts';
import type { Effect, Round, RoundEvent, RoundSetup, Step } from '../../src/round/round.ts';
import { deepFreeze } from './frozen.ts';

/** 32 bytes in hexadecimal, one for each name. */
export const id = (name: string): string => sha256Hex(encodeUtf8(name));

const PHASES = [
  'summoning',
  'planning',
  'collecting',
  'checking',
  'judging',
  'voting',
  'opening',
  'opened',
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

type Job = Exclude<Effect['do'], 'remind' | 'wake'>;

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
      } else if (effect.do !== 'remind') jobs.push(effect.do);
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
          ? ({ type: 'opened', mean: id('mean'), metadata: [1], blamed: [] } as never)
          : ({ type: 'not-opened', tried: places.length } as never);
      }
      case 'conclude':
        return round.phase === 'opened' ? ({ type: 'published', transcript: id('transcript') } as never) : undefined;
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

/** Plain and fast: the property tests ask millions of times. */
function must(condition: boolean, rule: string): void {
  if (!condition) throw new Error(`broken rule: ${rule}`);
}

/** Everything that `before` holds is still in `after`, unchanged. */
function keeps<T>(before: Readonly<Record<string, T>>, after: Readonly<Record<string, T>>): boolean {
  return Object.keys(before).every((name) => after[name] === before[name]);
}

/** What holds of every step, whatever the event. */
function checkStep(before: Round, event: RoundEvent, { round: after, effects, refused }: Step): void {
  if (refused) must(after === before && effects.length === 0, 'what is refused changes nothing');
  if (isOver(before)) must(after === before, 'what is over stays as it is');
  if (after === before) return;
  must(PHASES.indexOf(after.phase) >= PHASES.indexOf(before.phase), 'phases only go forward');
  if (after.phase === 'abandoned') return;
  if ('planHash' in before) must('planHash' in after && after.planHash === before.planHash, 'one plan a round');
  if ('updates' in after) checkUpdates(before, after);
  if ('answers' in after) {
    const places = Object.keys(after.answers);
    must(after.phase === 'checking' || places.length >= after.threshold, 'no judgement without t answers');
    if ('answers' in before) {
      must(after.candidatesHash === before.candidatesHash, 'candidates are fixed once');
      must(keeps(before.answers, after.answers), 'a member answers once');
      must(before.phase === 'checking' || before.answers === after.answers, 'no answers after the check');
    }
  }
  if ('contributors' in after) checkContributors(before, after);
  if (after.phase === 'opening') {
    const opened = Object.keys(after.openings).map(Number);
    must(!opened.some((x) => after.steppedAside.includes(x)), 'who stepped aside does not open');
    if (before.phase === 'opening') must(keeps(before.openings, after.openings), 'a member opens once');
  }
  if (after.phase === 'opened' && before.phase !== 'opened') {
    must(
      before.phase === 'opening' && Object.keys(before.openings).length >= before.threshold,
      'no sum without t openings',
    );
    must(after.sum !== null, 'no sum without the ciphertexts');
  }
  if (event.type === 'vote' && 'votes' in before)
    must(event.contributors === before.contributorsHash, 'votes are for this U');
}

function checkUpdates(before: Round, after: Extract<Round, { updates: unknown }>): void {
  const { cohort, nMax, minimumCohort } = after.setup;
  const devices = Object.keys(after.updates);
  must(!devices.some((device) => after.withdrawn.includes(device)), 'what was taken back is not there');
  must(
    after.withdrawn.every((device) => cohort.includes(device)),
    'only the cohort takes back',
  );
  must(devices.length <= nMax, 'no more updates than the noise has room for');
  must(
    devices.every((device) => cohort.includes(device)),
    'only the cohort contributes',
  );
  must(after.phase === 'collecting' || devices.length >= minimumCohort, 'no candidates below the floor');
  if (!('updates' in before)) return;
  must(
    devices.every((device) => !(device in before.updates) || before.updates[device] === after.updates[device]),
    'an update counts once, as it first came',
  );
  must(
    Object.keys(before.updates).every((device) => device in after.updates || after.withdrawn.includes(device)),
    'an update is lost to nobody but its device',
  );
  must(
    before.withdrawn.every((device) => after.withdrawn.includes(device)),
    'who took an update back is out for the round',
  );
  must(before.phase === 'collecting' || before.withdrawn === after.withdrawn, 'nothing is taken back after the freeze');
  must(before.phase === 'collecting' || before.updates === after.updates, 'updates are frozen with the candidates');
}

function checkContributors(before: Round, after: Extract<Round, { contributors: unknown }>): void {
  const { contributors, votes, setup, updates, answers, steppedAside } = after;
  must(contributors.length >= Math.max(3, setup.minimumCohort), 'never fewer contributors than the floor');
  must(contributors.length <= setup.nMax, 'never more contributors than nMax');
  must(
    contributors.every((device, i) => i === 0 || device > contributors[i - 1]!),
    'contributors ascend, each once',
  );
  must(
    contributors.every((device) => device in updates),
    'contributors have contributed',
  );
  must(new Set(votes.map(({ x }) => x)).size === votes.length, 'never two votes of one member');
  must(
    votes.every(({ x }) => x in answers && !steppedAside.includes(x)),
    'who votes has checked',
  );
  must(after.phase === 'voting' || votes.length >= after.threshold, 'no opening without t votes');
  if (!('contributors' in before)) return;
  must(after.contributors === before.contributors && after.contributorsHash === before.contributorsHash, 'never two U');
  must(
    before.votes.every((vote, i) => vote === votes[i]),
    'votes are only added',
  );
  must(before.sum === null || after.sum === before.sum, 'the ciphertexts are added once');
}
