import type { Round, RoundEvent, RoundSetup } from '@sotto/fl-core/round/round';
import {
  type RoundDevice,
  type RoundPart,
  type RoundView,
  SeatState,
  type UpdateState,
} from '@sotto/protocol/admin/live';
import type { Phase } from '@sotto/protocol/run';
import { type Evidence, gatherEvidence } from './evidence.ts';
import { type RoundHost, recall } from './round-host.ts';
import { phaseOf } from './status.ts';

/** One part of a round, as it is looked at. */
export interface SeenPart {
  readonly group: number;
  readonly round: Round;
  /** The same before it was abandoned, where it was: that tells who had done what. */
  readonly standing: Round;
  /** Places that have opened. */
  readonly openings: ReadonlySet<number>;
}

interface About extends Pick<RoundView, 'run' | 'round' | 'endedAt' | 'facts'> {
  readonly parts: readonly SeenPart[];
  /** Bytes that a device has sent in the round; null when that is not known any more. */
  readonly sentBy: (device: string) => number | null;
  /** Whether some of a device's update has come. */
  readonly isSending: (device: string) => boolean;
}

/** A part of which only the rows are left. */
export function recalledPart(group: number, setup: RoundSetup, events: readonly RoundEvent[]): SeenPart {
  return { group, ...recall(setup, events), openings: openingsOf(gatherEvidence(events)) };
}

/** A part of a round under way. */
export function livePart(part: RoundHost): SeenPart {
  return {
    group: part.context.key.group,
    round: part.state(),
    standing: part.standing(),
    openings: openingsOf(part.evidence()),
  };
}

const openingsOf = ({ openings }: Evidence) => new Set(openings.map(({ x }) => x));

/** A round for those who run the study: what every device is at, and how far each of its sums is. */
export function viewRound({ run, round, parts, endedAt, facts, sentBy, isSending }: About): RoundView {
  const devices = new Map<string, RoundDevice>();
  for (const part of parts) {
    const { setup } = part.round;
    const updateOf = updatesIn(part, isSending);
    const seatOf = seatsIn(part);
    for (const device of new Set([...setup.cohort, ...setup.seats])) {
      const known = devices.get(device);
      const update = updateOf(device);
      devices.set(device, {
        device,
        group: update === null ? (known?.group ?? null) : part.group,
        update: update ?? known?.update ?? null,
        seat: lesserSeat(known?.seat ?? null, seatOf(device)),
        bytes: sentBy(device),
      });
    }
  }
  return {
    run,
    round,
    startedAt: Math.min(...parts.map((part) => part.round.setup.startedAt)),
    endedAt,
    began: phasesOf(parts),
    parts: parts.map(viewPart),
    devices: [...devices.values()],
    facts,
  };
}

function updatesIn({ round, standing }: SeenPart, isSending: (device: string) => boolean) {
  const asked = new Set(standing.setup.cohort);
  const counted = new Set('contributors' in standing ? standing.contributors : []);
  const withdrawn = new Set('withdrawn' in standing ? standing.withdrawn : []);
  const updates = 'updates' in standing ? standing.updates : {};
  const isFrozen = 'candidatesHash' in standing;
  const isOver = isFrozen || round.phase === 'abandoned';
  return (device: string): UpdateState | null => {
    if (!asked.has(device)) return null;
    if (withdrawn.has(device)) return 'withdrawn';
    if (device in updates) {
      if (!('contributors' in standing)) return 'sent';
      return counted.has(device) ? 'counted' : 'left-out';
    }
    if (!isFrozen && device in standing.absent) return 'away';
    if (isOver) return 'missed';
    if (standing.phase !== 'collecting') return 'asked';
    return isSending(device) ? 'sending' : 'learning';
  };
}

function seatsIn({ standing, openings }: SeenPart) {
  const seats = new Set(standing.setup.seats);
  const places = new Map('committee' in standing ? standing.committee.map((device, i) => [device, i + 1]) : []);
  const keys = new Set('keys' in standing ? Object.keys(standing.keys) : []);
  const members = new Set('members' in standing ? standing.members.map(({ device }) => device) : []);
  const voted = new Set('votes' in standing ? standing.votes.map(({ x }) => x) : []);
  return (device: string): SeatState | null => {
    if (!seats.has(device)) return null;
    if (standing.phase === 'summoning') return keys.has(device) ? 'ready' : 'asked';
    if (standing.phase === 'planning') return members.has(device) ? 'member' : 'spare';
    const place = places.get(device);
    if (place === undefined) return 'spare';
    if (openings.has(place)) return 'opened';
    if (voted.has(place)) return 'voted';
    if ('steppedAside' in standing && standing.steppedAside.includes(place)) return 'aside';
    return 'answers' in standing && place in standing.answers ? 'checked' : 'member';
  };
}

/** A device may be a member in one group and spare in another: what it has to do counts, and of that what it has not done. */
function lesserSeat(one: SeatState | null, other: SeatState | null): SeatState | null {
  if (one === null || other === null) return one ?? other;
  if (one === 'spare' || other === 'spare') return one === 'spare' ? other : one;
  const place = (seat: SeatState) => SeatState.options.indexOf(seat);
  return place(one) < place(other) ? one : other;
}

function phasesOf(parts: readonly SeenPart[]): Partial<Record<Phase, number>> {
  const began: Partial<Record<Phase, number>> = {};
  for (const { standing } of parts)
    for (const [name, at] of Object.entries(standing.began)) {
      const phase = phaseOf(name as Round['phase']);
      began[phase] = Math.min(at, began[phase] ?? at);
    }
  return began;
}

function viewPart({ group, round, standing, openings }: SeenPart): RoundPart {
  const { setup } = standing;
  return {
    group,
    phase: phaseOf(standing.phase),
    planHash: 'planHash' in standing ? standing.planHash : null,
    asked: setup.cohort.length,
    updates: 'updates' in standing ? Object.keys(standing.updates).length : 0,
    quorum: setup.quorum,
    minimum: setup.minimumCohort,
    contributors: 'contributors' in standing ? standing.contributors.length : null,
    members: 'committee' in standing ? standing.committee.length : 0,
    threshold: 'threshold' in standing ? standing.threshold : null,
    answers: 'answers' in standing ? Object.keys(standing.answers).length : 0,
    votes: 'votes' in standing ? standing.votes.length : 0,
    openings: openings.size,
    reason: round.phase === 'abandoned' ? round.reason : null,
  };
}
