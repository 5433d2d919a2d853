import type { RoundKey } from '@sotto/protocol/ids';
import { Duty } from '@sotto/protocol/messages';
import { listHash } from '@sotto/protocol/update-record';
import { describe, expect, it } from 'vitest';
import { resume } from '../../src/round/coordinator.ts';
import { dutiesOf, oneTimeKeyExpiry } from '../../src/round/duties.ts';
import type { RoundSetup } from '../../src/round/round.ts';
import { answer, DEVICES, OUTSIDER, oneTimeKey, opening, update, vote } from './messages.ts';
import { createHost, type Findings, type Host, id } from './round-host.ts';

const HONEST: Findings = { dropped: [], steppedAside: [], wrongOpenings: [] };
const COHORT = DEVICES.slice(0, 5);
const SETUP: RoundSetup = {
  cohort: COHORT,
  unreliable: [],
  seats: COHORT,
  committee: { most: 5, least: 3 },
  minimumCohort: 3,
  quorum: 5,
  nMax: 5,
  durations: { keysMs: 100, uploadMs: 1000, checkMs: 1000, voteMs: 1000, openMs: 1000, returnMs: 50 },
  startedAt: 1000,
};

function field(host: Host, name: 'candidatesHash' | 'contributorsHash'): string {
  const round = host.round() as unknown as Record<string, string>;
  return round[name] ?? '';
}

const give = {
  keys: (host: Host) => COHORT.map((device) => host.apply(oneTimeKey(host.now(), device))),
  updates: (host: Host, devices = COHORT) => devices.map((device) => host.apply(update(host.now(), device))),
  answers: (host: Host, devices = COHORT) =>
    devices.map((device) =>
      host.apply(answer(host.now(), device, COHORT.indexOf(device) + 1, field(host, 'candidatesHash'))),
    ),
  votes: (host: Host, devices = COHORT) =>
    devices.map((device) =>
      host.apply(vote(host.now(), device, COHORT.indexOf(device) + 1, field(host, 'contributorsHash'))),
    ),
  openings: (host: Host, devices = COHORT) =>
    devices.map((device) =>
      host.apply(opening(host.now(), device, COHORT.indexOf(device) + 1, field(host, 'contributorsHash'))),
    ),
};

/** A round that has come as far as this phase. */
function roundAt(
  phase: 'collecting' | 'checking' | 'voting' | 'opening' | 'opened',
  findings = HONEST,
  setup = SETUP,
): Host {
  const host = createHost(setup, findings);
  const working = () => {
    while (host.round().phase !== phase && host.work());
  };
  give.keys(host);
  working();
  for (const act of [give.updates, give.answers, give.votes, give.openings]) {
    if (host.round().phase === phase) break;
    if (act === give.votes) act(host, COHORT.slice(0, 4));
    else act(host);
    working();
  }
  expect(host.round().phase).toBe(phase);
  return host;
}

describe('the committee', () => {
  it('is complete with every seat that answers, and no longer waits for who left', () => {
    const host = createHost(SETUP, HONEST);
    for (const device of COHORT.slice(0, 4)) host.apply(oneTimeKey(1000, device));
    expect(host.round().phase).toBe('summoning');
    host.apply({ type: 'left', at: 1000, device: COHORT[4]! });
    host.advance(49);
    expect(host.round().phase).toBe('summoning');
    host.advance(1);
    expect(host.round()).toMatchObject({
      phase: 'planning',
      members: COHORT.slice(0, 4).map((device) => ({ device })),
    });
  });

  it('takes the preferred seats first and waits for no others', () => {
    const host = createHost({ ...SETUP, committee: { most: 3, least: 3 } }, HONEST);
    for (const device of [...COHORT.slice(0, 3)].reverse()) host.apply(oneTimeKey(1000, device));
    expect(host.round()).toMatchObject({
      phase: 'planning',
      members: COHORT.slice(0, 3).map((device) => ({ device })),
    });
  });

  it('has one key of each device: the first', () => {
    const host = createHost(SETUP, HONEST);
    host.apply(oneTimeKey(1000, COHORT[0]!));
    expect(host.apply(oneTimeKey(1000, COHORT[0]!)).refused).toBeUndefined();
    expect(host.apply(oneTimeKey(1000, COHORT[0]!, 1)).refused?.rejected).toBe('different_answer');
    expect(host.apply(oneTimeKey(1000, OUTSIDER)).refused?.rejected).toBe('not_asked');
  });

  it('has each key once, however close together two devices give it', () => {
    const host = createHost(SETUP, HONEST);
    const given = oneTimeKey(1000, COHORT[0]!);
    host.apply(given);
    const before = host.round();
    const copied = { ...given, device: COHORT[1]!, member: COHORT[1]! };
    expect(host.apply(copied as typeof given).refused?.rejected).toBe('key_taken');
    expect(host.round()).toBe(before);
    expect(host.apply(oneTimeKey(1000, COHORT[1]!)).refused).toBeUndefined();
  });
});

describe('updates', () => {
  it('count once: a repeat changes nothing, another one is refused', () => {
    const host = roundAt('collecting');
    host.apply(update(1000, COHORT[0]!));
    const before = host.round();
    expect(host.apply(update(1001, COHORT[0]!))).toEqual({ round: before, effects: [] });
    expect(host.apply(update(1001, COHORT[0]!, 1)).refused?.rejected).toBe('different_update');
    expect(host.apply(update(1001, OUTSIDER)).refused?.rejected).toBe('not_asked');
  });

  it('are frozen with the candidates', () => {
    const host = roundAt('collecting');
    give.updates(host, COHORT.slice(0, 3));
    host.advance(1000);
    expect(host.round()).toMatchObject({
      phase: 'checking',
      candidatesHash: listHash(COHORT.slice(0, 3).map((device) => ({ device, digest: id(`update ${device}/0`) }))),
    });
    expect(host.apply(update(host.now(), COHORT[3]!)).refused?.rejected).toBe('too_late');
    expect(host.apply(update(host.now(), COHORT[0]!)).refused).toBeUndefined();
  });

  it('of a device that left after its upload still count', () => {
    const host = roundAt('collecting');
    host.apply(update(1000, COHORT[0]!));
    host.apply({ type: 'left', at: 1000, device: COHORT[0]! });
    give.updates(host, COHORT.slice(1));
    expect(Object.keys((host.round() as { updates?: object }).updates ?? {})).toHaveLength(5);
  });

  it('are waited for only as long as somebody may still come', () => {
    const host = roundAt('collecting');
    give.updates(host, COHORT.slice(0, 3));
    for (const device of COHORT.slice(3)) host.apply({ type: 'left', at: host.now(), device });
    host.advance(49);
    expect(host.round().phase).toBe('collecting');
    host.advance(1);
    expect(host.round().phase).toBe('checking');
  });

  it('freeze with the last one that is wanted; who was asked in reserve is thanked', () => {
    const host = roundAt('collecting', HONEST, { ...SETUP, quorum: 4, nMax: 4 });
    give.updates(host, COHORT.slice(1));
    expect(host.round()).toMatchObject({ phase: 'checking', setup: { nMax: 4 } });
    const { refused } = host.apply(update(host.now(), COHORT[0]!));
    expect(refused).toMatchObject({ rejected: 'cohort_full', message: expect.stringMatching(/not needed.*Thank you/) });
    expect(host.apply(update(host.now(), OUTSIDER)).refused?.rejected).toBe('not_asked');
  });

  it('of a slow device are waited for as long again as enough others took, and no longer', () => {
    const host = roundAt('collecting', HONEST, { ...SETUP, quorum: 4 });
    host.advance(200);
    give.updates(host, COHORT.slice(0, 3));
    host.advance(100);
    give.updates(host, COHORT.slice(3, 4));
    host.advance(299);
    expect(host.round().phase).toBe('collecting');
    host.advance(1);
    expect(host.round()).toMatchObject({ phase: 'checking', began: { checking: 1600 } });
  });

  it('of a slow device are waited for a while even if all others were at once there', () => {
    const host = roundAt('collecting', HONEST, { ...SETUP, quorum: 4 });
    give.updates(host, COHORT.slice(0, 4));
    host.advance(49);
    expect(host.round().phase).toBe('collecting');
    give.updates(host, COHORT.slice(4));
    expect(Object.keys((host.round() as { updates?: object }).updates ?? {})).toHaveLength(5);
  });

  it('of a frozen device hold a round that was all but done up for seconds, however long uploads may take', () => {
    const durations = { ...SETUP.durations, uploadMs: 900_000 };
    const host = roundAt('collecting', HONEST, { ...SETUP, quorum: 4, durations });
    give.updates(host, COHORT.slice(0, 4));
    host.advance(4999);
    expect(host.round().phase).toBe('collecting');
    host.advance(1);
    expect(host.round().phase).toBe('checking');
  });

  it('of a device that is there and says nothing, as it did for rounds, hold nothing up', () => {
    const host = roundAt('collecting', HONEST, { ...SETUP, unreliable: COHORT.slice(3) });
    give.updates(host, COHORT.slice(0, 3));
    host.advance(50);
    expect(host.round().phase).toBe('checking');
    // But they count when they come: otherwise a device could never recover.
    const again = roundAt('collecting', HONEST, { ...SETUP, unreliable: COHORT.slice(3) });
    give.updates(again, COHORT);
    expect(again.round()).toMatchObject({ phase: 'checking', updates: { [COHORT[4]!]: id(`update ${COHORT[4]}/0`) } });
  });

  it('can be taken back until the freeze, and then not be sent again in this round', () => {
    const host = roundAt('collecting', HONEST, { ...SETUP, quorum: 3 });
    give.updates(host, COHORT.slice(0, 3));
    const [device] = COHORT as [string];
    expect(host.apply({ type: 'withdrawn', at: host.now(), device }).refused).toBeUndefined();
    expect(host.round()).toMatchObject({ phase: 'collecting', withdrawn: [device], enoughAt: null });
    expect(host.round()).not.toHaveProperty(['updates', device]);
    const before = host.round();
    expect(host.apply({ type: 'withdrawn', at: host.now(), device })).toEqual({ round: before, effects: [] });
    expect(host.apply(update(host.now(), device)).refused?.rejected).toBe('withdrawn');
    expect(host.apply(update(host.now(), device, 1)).refused?.rejected).toBe('withdrawn');
    give.updates(host, COHORT.slice(3));
    // Four are all that can come.
    expect(host.round().phase).toBe('checking');
    const late = host.apply({ type: 'withdrawn', at: host.now(), device: COHORT[1]! });
    expect(late.refused).toMatchObject({ rejected: 'too_late', message: expect.stringMatching(/fixed/) });
    expect(host.round()).toMatchObject({ updates: { [COHORT[1]!]: id(`update ${COHORT[1]}/0`) } });
  });

  it('are waited for only while the floor can still be reached', () => {
    const host = roundAt('collecting');
    for (const device of COHORT.slice(0, 2)) host.apply({ type: 'withdrawn', at: host.now(), device });
    expect(host.round().phase).toBe('collecting');
    host.apply({ type: 'withdrawn', at: host.now(), device: COHORT[2]! });
    expect(host.round()).toMatchObject({ phase: 'abandoned', reason: 'too_few_updates' });
  });

  it('fewer than the floor abandon the round', () => {
    const host = roundAt('collecting');
    give.updates(host, COHORT.slice(0, 2));
    host.advance(1000);
    expect(host.round()).toMatchObject({ phase: 'abandoned', reason: 'too_few_updates' });
  });
});

describe('the check, the vote and the opening', () => {
  it('take no answer, vote or opening in the name of another member, or about another list', () => {
    const [device] = COHORT as [string];
    const checking = roundAt('checking');
    expect(checking.apply(answer(1000, device, 2, field(checking, 'candidatesHash'))).refused?.rejected).toBe(
      'not_asked',
    );
    expect(checking.apply(answer(1000, device, 1, id('other'))).refused?.rejected).toBe('wrong_list');
    const voting = roundAt('voting');
    expect(voting.apply(vote(1000, device, 2, field(voting, 'contributorsHash'))).refused?.rejected).toBe('not_asked');
    expect(voting.apply(vote(1000, device, 1, id('other'))).refused?.rejected).toBe('wrong_list');
    const opening_ = roundAt('opening');
    expect(opening_.apply(opening(1000, device, 2, field(opening_, 'contributorsHash'))).refused?.rejected).toBe(
      'not_asked',
    );
    expect(opening_.apply(opening(1000, device, 1, id('other'))).refused?.rejected).toBe('wrong_list');
  });

  it('take the first answer and the first opening of a member; another one is refused', () => {
    const [device] = COHORT as [string];
    const checking = roundAt('checking');
    const candidates = field(checking, 'candidatesHash');
    checking.apply(answer(1000, device, 1, candidates));
    expect(checking.apply(answer(1000, device, 1, candidates)).refused).toBeUndefined();
    expect(checking.apply(answer(1000, device, 1, candidates, 1)).refused?.rejected).toBe('different_answer');
    const host = roundAt('opening');
    const contributors = field(host, 'contributorsHash');
    host.apply(opening(1000, device, 1, contributors));
    expect(host.apply(opening(1000, device, 1, contributors)).refused).toBeUndefined();
    expect(host.apply(opening(1000, device, 1, contributors, 1)).refused?.rejected).toBe('different_answer');
  });

  it('are for members that answered the check and have not stepped aside', () => {
    const host = roundAt('checking', { ...HONEST, steppedAside: [2] });
    give.answers(host, COHORT.slice(0, 4));
    host.advance(1000);
    host.work();
    expect(host.round().phase).toBe('voting');
    const [, aside, , , silent] = give.votes(host);
    expect(aside?.refused?.rejected).toBe('stepped_aside');
    expect(silent?.refused?.rejected).toBe('not_asked');
    expect(host.round()).toMatchObject({ votes: [{ x: 1 }, { x: 3 }, { x: 4 }] });
  });

  it('leave out the devices that failed the check, and abandon when too few remain', () => {
    const some = roundAt('voting', { ...HONEST, dropped: COHORT.slice(0, 2) });
    expect(some.round()).toMatchObject({ contributors: COHORT.slice(2) });
    const host = roundAt('checking', { ...HONEST, dropped: COHORT.slice(0, 3) });
    give.answers(host);
    host.work();
    expect(host.round()).toMatchObject({ phase: 'abandoned', reason: 'too_few_contributors' });
  });

  it('try again with every opening more, and not with the same ones', () => {
    const host = roundAt('opening', { ...HONEST, wrongOpenings: [1] });
    give.openings(host, COHORT.slice(0, 4));
    while (host.work());
    expect(host.round()).toMatchObject({ phase: 'opening', trying: 0, failed: 4 });
    host.apply({ type: 'clock', at: host.now() });
    expect(host.jobs()).toBe(0);
    give.openings(host, COHORT.slice(4));
    expect(host.round()).toMatchObject({ trying: 5 });
    host.work();
    expect(host.round().phase).toBe('opened');
  });

  it('wait for a sum of ours that is late rather than lose what members opened', () => {
    const host = roundAt('checking');
    give.answers(host);
    // The degree test is done, the sum is not.
    host.work();
    expect(host.round()).toMatchObject({ phase: 'voting', sum: null });
    give.votes(host);
    give.openings(host);
    host.advance(100_000);
    expect(host.round()).toMatchObject({ phase: 'opening', sum: null });
    expect(host.finish().phase).toBe('published');
  });

  it('abandon without enough answers, votes or openings at their deadline', () => {
    const checking = roundAt('checking');
    give.answers(checking, COHORT.slice(0, 3));
    checking.advance(1000);
    expect(checking.round()).toMatchObject({ phase: 'abandoned', reason: 'too_few_answers' });
    const voting = roundAt('voting');
    give.votes(voting, COHORT.slice(0, 3));
    voting.advance(1000);
    expect(voting.round()).toMatchObject({ phase: 'abandoned', reason: 'too_few_votes' });
    const opening_ = roundAt('opening');
    give.openings(opening_, COHORT.slice(0, 3));
    opening_.advance(1000);
    expect(opening_.round()).toMatchObject({ phase: 'abandoned', reason: 'too_few_openings' });
  });
});

describe('a sum that is abandoned', () => {
  it('says whether any member had opened, and over which contributors', () => {
    const before = roundAt('opening');
    const { contributorsHash } = before.round() as { contributorsHash: string };
    before.advance(1000);
    expect(before.round()).toMatchObject({ phase: 'abandoned', opened: false, contributorsHash });
    const after = roundAt('opening');
    give.openings(after, COHORT.slice(0, 1));
    after.advance(1000);
    expect(after.round()).toMatchObject({ phase: 'abandoned', opened: true, contributorsHash });
    const early = roundAt('collecting');
    early.advance(1000);
    expect(early.round()).toMatchObject({ phase: 'abandoned', opened: false, contributorsHash: null });
  });
});

describe('a sum that is opened', () => {
  it('waits for the rest of its round, whoever comes and goes, and can still be abandoned with it', () => {
    const host = roundAt('opened');
    const opened = host.round();
    host.apply({ type: 'left', at: host.now(), device: COHORT[0]! });
    host.apply({ type: 'returned', at: host.now(), device: COHORT[0]! });
    host.advance(100_000);
    expect(host.round()).toBe(opened);
    expect(resume(opened, host.now()).effects).toContainEqual({ do: 'conclude' });
    host.apply({ type: 'failed', at: host.now(), reason: 'made_worse' });
    expect(host.round()).toMatchObject({ phase: 'abandoned', reason: 'made_worse', opened: true });
  });

  it('may have been so by a coordinator of old, which kept no mean', () => {
    const host = roundAt('opening');
    give.openings(host, COHORT.slice(0, 4));
    host.apply({ type: 'opened', at: host.now(), model: id('model'), metadata: [1], blamed: [] } as never);
    expect(host.round()).toMatchObject({ phase: 'opened', mean: null });
  });
});

describe('a deadline that passed while the process was down', () => {
  it('is an event of the clock, so that it is stored and folds the same the next time', () => {
    const host = roundAt('collecting');
    give.updates(host, COHORT.slice(0, 4));
    host.sleep(5000);
    const { round, effects } = resume(host.round(), host.now());
    expect(round).toBe(host.round());
    expect(effects).toContainEqual({ do: 'wake', at: host.now() + 1 });
    host.restart();
    host.advance(1);
    expect(host.round().phase).toBe('checking');
    give.answers(host);
    // Once more: what was answered after the deadline is still there.
    host.restart();
    expect(host.round().phase).toBe('judging');
  });
});

describe('duties', () => {
  const key: RoundKey = { coordinator: id('coordinator'), task: 'digits', run: 'run', round: 1, group: 0 };
  const kinds = (host: Host, device: string) =>
    dutiesOf(host.round(), key, device).map((duty) => {
      expect(Duty.safeParse(duty).success).toBe(true);
      return duty.kind;
    });

  it('follow from the state: each asked of whom it concerns until it is done', () => {
    const [device, other] = COHORT as [string, string];
    const summoning = createHost(SETUP, HONEST);
    expect(kinds(summoning, device)).toEqual(['one-time-key']);
    summoning.apply(oneTimeKey(1000, device));
    expect(kinds(summoning, device)).toEqual([]);

    const collecting = roundAt('collecting');
    expect(kinds(collecting, device)).toEqual(['contribute']);
    collecting.apply(update(1000, device));
    expect(kinds(collecting, device)).toEqual([]);

    const checking = roundAt('checking');
    expect(kinds(checking, device)).toEqual(['check']);
    give.answers(checking, [device]);
    expect(kinds(checking, device)).toEqual([]);

    const voting = roundAt('voting');
    expect(kinds(voting, device)).toEqual(['vote']);
    give.votes(voting, [device]);
    expect(kinds(voting, device)).toEqual([]);
    expect(kinds(voting, other)).toEqual(['vote']);

    const opening_ = roundAt('opening');
    expect(kinds(opening_, device)).toEqual(['open']);
    // The fifth has not voted yet: it votes first.
    expect(kinds(opening_, COHORT[4]!)).toEqual(['vote', 'open']);
    give.openings(opening_, [device]);
    expect(kinds(opening_, device)).toEqual([]);
    for (const host of [summoning, collecting, checking, voting, opening_]) expect(kinds(host, OUTSIDER)).toEqual([]);
    expect(kinds(roundAt('opened'), device)).toEqual([]);
  });

  it('ask for no vote or opening of a member that stepped aside or never answered', () => {
    const host = roundAt('checking', { ...HONEST, steppedAside: [2] });
    give.answers(host, COHORT.slice(0, 4));
    host.advance(1000);
    host.work();
    expect(COHORT.map((device) => kinds(host, device))).toEqual([['vote'], [], ['vote'], ['vote'], []]);
  });

  it('ask for one-time keys that outlive the last deadline', () => {
    const host = createHost(SETUP, HONEST);
    const { keysMs, uploadMs, checkMs, voteMs, openMs } = SETUP.durations;
    expect(oneTimeKeyExpiry(host.round())).toBeGreaterThan(
      SETUP.startedAt + keysMs + uploadMs + checkMs + voteMs + openMs,
    );
  });
});
