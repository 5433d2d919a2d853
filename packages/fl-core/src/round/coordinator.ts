import { type Rejection, reject } from '@sotto/protocol/rejection';
import { listHash } from '@sotto/protocol/update-record';
import { abandon, began, settle } from './progress.ts';
import type {
  Abandoned,
  Collecting,
  Effect,
  Judging,
  Opened,
  OpeningSum,
  Planning,
  RefusalCode,
  Round,
  RoundEvent,
  RoundSetup,
  Step,
  Summoning,
  Voting,
} from './round.ts';

/**
 * The coordinator's round (Bonawitz et al. 2019, "Towards federated learning at scale"; consistency vote after Bonawitz et al. 2017).
 * Pure: no clock, no randomness, no I/O; no event can make it throw.
 *
 *   summoning → planning → collecting → checking → judging → voting → opening → opened → published
 *        └───────────┴──────────┴──────────┴──────────┴─────────┴─────────┴────────┴→ abandoned(reason)
 */
export function begin(setup: RoundSetup): Step {
  const round: Summoning = {
    phase: 'summoning',
    setup,
    absent: {},
    began: { summoning: setup.startedAt },
    keys: {},
  };
  return settle(round, setup.startedAt, [{ do: 'remind' }]);
}

/** What becomes of the round by one event, and what the host does then. A refused event, or a repeat, gives the very same round back. */
export function step(round: Round, event: RoundEvent): Step {
  if (round.phase === 'published' || round.phase === 'abandoned')
    return refuse(round, 'round_over', 'This round is over.');
  // Who comes and goes no longer matters: but for its end, the record of an opened sum is closed.
  if (round.phase === 'opened' && ['clock', 'left', 'returned'].includes(event.type)) return same(round);
  switch (event.type) {
    case 'clock':
      return settle(round, event.at, []);
    case 'left':
      if (event.device in round.absent) return same(round);
      return settle({ ...round, absent: { ...round.absent, [event.device]: event.at } }, event.at, []);
    case 'returned': {
      if (!(event.device in round.absent)) return same(round);
      const { [event.device]: _, ...absent } = round.absent;
      return { round: { ...round, absent }, effects: [] };
    }
    case 'failed':
      return abandon(round, event.reason, event.at);
    default:
      return accept(round, event);
  }
}

type Message = Exclude<RoundEvent, { type: 'clock' | 'left' | 'returned' | 'failed' }>;
type Live = Exclude<Round, Abandoned | { phase: 'published' }>;

function accept(round: Live, event: Message): Step {
  switch (event.type) {
    case 'one-time-key': {
      if (round.phase !== 'summoning')
        return refuse(round, 'too_late', 'The committee of this round is already chosen.');
      const { device, member: key, oneTime } = event;
      if (!round.setup.seats.includes(device))
        return refuse(round, 'not_asked', 'This device was not asked for a key.');
      const known = round.keys[device];
      if (known)
        return known.oneTime.key === oneTime.key
          ? same(round)
          : refuse(round, 'different_answer', 'This device already gave another key for this round; the first counts.');
      // Every device would refuse a plan in which two members share a key.
      if (Object.values(round.keys).some((other) => other.oneTime.key === oneTime.key))
        return refuse(round, 'key_taken', 'Another member already gave this key. Make one of your own.');
      return settle({ ...round, keys: { ...round.keys, [device]: { device, key, oneTime } } }, event.at, []);
    }
    case 'planned':
      return round.phase === 'planning' ? collect(round, event) : wrongPhase(round);
    case 'update':
      return update(round, event);
    case 'withdrawn':
      return withdraw(round, event);
    case 'answer':
      return answer(round, event);
    case 'judged':
      return round.phase === 'judging' ? decide(round, event) : wrongPhase(round);
    case 'vote':
      return vote(round, event);
    case 'summed':
      if ((round.phase !== 'voting' && round.phase !== 'opening') || round.sum !== null) return same(round);
      return settle({ ...round, sum: event.sum }, event.at, []);
    case 'opening':
      return opening(round, event);
    case 'not-opened':
      if (round.phase !== 'opening' || round.trying === 0) return wrongPhase(round);
      // At least what it set out to try has failed; trying that again would change nothing.
      return settle({ ...round, trying: 0, failed: Math.max(round.trying, event.tried) }, event.at, []);
    case 'opened': {
      if (round.phase !== 'opening' || round.trying === 0) return wrongPhase(round);
      const { openings: _, trying: __, failed: ___, ...decided } = round;
      const opened: Opened = {
        ...decided,
        phase: 'opened',
        mean: event.mean ?? null,
        // For people, publishing begins here.
        began: began(round, 'publishing', event.at),
      };
      return { round: opened, effects: [{ do: 'conclude' }] };
    }
    case 'published': {
      if (round.phase !== 'opened') return wrongPhase(round);
      const { mean: _, ...decided } = round;
      const { transcript, at } = event;
      return {
        round: { ...decided, phase: 'published', transcript, began: began(round, 'published', at) },
        effects: [],
      };
    }
  }
}

/**
 * Effects a host owes to a round it finds in its store. The round itself stays as it is: were time to move it here, no stored event
 * would say so, and the next fold would refuse what came after. A deadline that passed meanwhile is a `clock` event like any other.
 */
export function resume(round: Round, now: number): Step {
  const owed: Partial<Record<Round['phase'], Effect[]>> = {
    planning: [{ do: 'make-plan' }],
    judging: [{ do: 'judge' }],
    // What was being tried died with the process; try again.
    opening: round.phase === 'opening' && round.trying > 0 ? [{ do: 'open' }] : [],
    opened: [{ do: 'conclude' }],
    abandoned: [{ do: 'conclude' }],
  };
  const effects: Effect[] = [...(owed[round.phase] ?? []), { do: 'remind' }];
  if ((round.phase === 'voting' || round.phase === 'opening') && round.sum === null) effects.push({ do: 'sum' });
  const settled = settle(round, now, []);
  return { round, effects: effects.concat(settled.round === round ? settled.effects : { do: 'wake', at: now + 1 }) };
}

function collect(round: Planning, event: Extract<RoundEvent, { type: 'planned' }>): Step {
  const { members, ...common } = round;
  const collecting: Collecting = {
    ...common,
    phase: 'collecting',
    planHash: event.planHash,
    deadlines: event.deadlines,
    threshold: event.threshold,
    committee: members.map(({ device }) => device),
    updates: {},
    withdrawn: [],
    enoughAt: null,
    began: began(round, 'collecting', event.at),
  };
  return settle(collecting, event.at, [{ do: 'remind' }]);
}

function update(round: Live, event: Extract<RoundEvent, { type: 'update' }>): Step {
  const { device, digest } = event;
  if (round.phase === 'summoning' || round.phase === 'planning') return wrongPhase(round);
  const known = round.updates[device];
  if (known === digest) return same(round);
  if (known !== undefined)
    return refuse(
      round,
      'different_update',
      'This device already sent another update for this round; only the first counts.',
    );
  if (!round.setup.cohort.includes(device))
    return refuse(round, 'not_asked', 'This device was not asked to contribute to this round.');
  if (round.withdrawn.includes(device))
    return refuse(round, 'withdrawn', 'This device took its update of this round back; it can contribute to the next.');
  const late = refusedAsLate(round);
  if (late || round.phase !== 'collecting') return { round, effects: [], ...(late && { refused: late }) };
  return settle({ ...round, updates: { ...round.updates, [device]: digest } }, event.at, []);
}

/** Why a round takes no further updates: it has all it wanted, or the time is over. Undefined while it does. */
export function refusedAsLate(round: Round): Rejection<'cohort_full' | 'too_late'> | undefined {
  if (round.phase === 'collecting') return undefined;
  return 'updates' in round && Object.keys(round.updates).length >= round.setup.nMax
    ? reject(
        'cohort_full',
        'The round has all the updates it needs; this one was not needed. Thank you: wait for the next.',
      )
    : reject('too_late', 'The round no longer takes updates. Wait for the next.');
}

function withdraw(round: Live, event: Extract<RoundEvent, { type: 'withdrawn' }>): Step {
  const { device } = event;
  if (!('updates' in round)) return wrongPhase(round);
  if (!round.setup.cohort.includes(device))
    return refuse(round, 'not_asked', 'This device was not asked to contribute to this round.');
  if (round.withdrawn.includes(device)) return same(round);
  if (round.phase !== 'collecting')
    return refuse(
      round,
      'too_late',
      device in round.updates
        ? 'The updates of this round are fixed: committee members may already be adding them up, so none can be taken out.'
        : 'The round no longer takes updates; there is none of this device to take back.',
    );
  const { [device]: _, ...updates } = round.updates;
  return settle({ ...round, updates, withdrawn: [...round.withdrawn, device] }, event.at, []);
}

function answer(round: Live, event: Extract<RoundEvent, { type: 'answer' }>): Step {
  if (!('answers' in round)) return wrongPhase(round);
  const x = event.evidence.x;
  if (round.committee[x - 1] !== event.device)
    return refuse(round, 'not_asked', 'This place in the committee belongs to another device.');
  const known = round.answers[x];
  if (known === event.digest && event.candidates === round.candidatesHash) return same(round);
  if (known !== undefined)
    return refuse(round, 'different_answer', 'This member already answered, differently; the first answer counts.');
  if (event.candidates !== round.candidatesHash)
    return refuse(round, 'wrong_list', 'The answer is about another list of candidates.');
  if (round.phase !== 'checking') return refuse(round, 'too_late', 'The check is over.');
  return settle({ ...round, answers: { ...round.answers, [x]: event.digest } }, event.at, []);
}

function decide(round: Judging, event: Extract<RoundEvent, { type: 'judged' }>): Step {
  const dropped = new Set(event.dropped);
  const contributors = Object.keys(round.updates)
    .filter((device) => !dropped.has(device))
    .sort();
  if (contributors.length < round.setup.minimumCohort) return abandon(round, 'too_few_contributors', event.at);
  const voting: Voting = {
    ...round,
    phase: 'voting',
    contributors,
    contributorsHash: listHash(contributors.map((device) => ({ device, digest: round.updates[device]! }))),
    steppedAside: event.steppedAside,
    votes: [],
    sum: null,
    began: began(round, 'voting', event.at),
  };
  return settle(voting, event.at, [{ do: 'remind' }, { do: 'sum' }]);
}

function vote(round: Live, event: Extract<RoundEvent, { type: 'vote' }>): Step {
  if (!('votes' in round)) return wrongPhase(round);
  const refusal = refuseMember(round, event.device, event.evidence.x, event.contributors);
  if (refusal) return refusal;
  if (round.votes.some(({ x }) => x === event.evidence.x)) return same(round);
  if (round.phase === 'opened') return refuse(round, 'too_late', 'The sum is already open.');
  return settle({ ...round, votes: [...round.votes, event.evidence] }, event.at, []);
}

function opening(round: Live, event: Extract<RoundEvent, { type: 'opening' }>): Step {
  if (round.phase === 'opened') return refuse(round, 'too_late', 'The sum is already open.');
  if (round.phase !== 'opening') return wrongPhase(round);
  const x = event.evidence.x;
  const refusal = refuseMember(round, event.device, x, event.contributors);
  if (refusal) return refusal;
  const known = round.openings[x];
  if (known === event.digest) return same(round);
  if (known !== undefined)
    return refuse(round, 'different_answer', 'This member already opened, differently; the first opening counts.');
  return settle({ ...round, openings: { ...round.openings, [x]: event.digest } }, event.at, []);
}

function refuseMember(round: Voting | OpeningSum | Opened, device: string, x: number, list: string): Step | undefined {
  if (round.committee[x - 1] !== device)
    return refuse(round, 'not_asked', 'This place in the committee belongs to another device.');
  if (round.steppedAside.includes(x))
    return refuse(round, 'stepped_aside', 'This member takes no further part in this round.');
  if (!(x in round.answers))
    return refuse(round, 'not_asked', 'Only a member that answered the check votes and opens.');
  if (list !== round.contributorsHash)
    return refuse(round, 'wrong_list', 'This is about another list of contributors.');
  return undefined;
}

function same(round: Round): Step {
  return { round, effects: [] };
}

function refuse(round: Round, code: RefusalCode, message: string): Step {
  return { round, effects: [], refused: reject(code, message) };
}

function wrongPhase(round: Round): Step {
  return refuse(round, 'wrong_phase', `The round is ${round.phase}; this does not belong there.`);
}
