import { lagrange } from '@sotto/he-core/field';
import { decodeOpening, recoverSumKey } from '@sotto/he-core/opening';
import { N, SHARE_PRIME } from '@sotto/he-core/params';
import { isRejection, type Rejection } from '@sotto/protocol/rejection';
import { describe, expect, it } from 'vitest';
import { decrypt, openingsOf, shareOf, voteOf } from './conspiracy.ts';
import { checkedRound, createRoom, type Device, type Made, must, type Room, type Upload } from './room.ts';

/**
 * docs/THREAT-MODEL.md, row by row, done rather than said: each describe is a row of its table, and each test tries what that row claims
 * is learned, or is not, with real devices, keys and boxes.
 */

type Sum = Exclude<Awaited<ReturnType<typeof decrypt>>, Rejection>;

const ids = (devices: readonly Device[]) => devices.map(({ identity }) => identity.device);
const levelsOf = (device: Device, { hash }: Made) => Array.from(device.levels.get(hash)!);
/** What one device of the room has to say of itself: ten examples, five of them right, a loss of two, nothing cut off, and its length. */
const METADATA = [10, 5, 2000, 0, 33_159];

function total(devices: readonly Device[], made: Made): number[] {
  const all = devices.map((device) => levelsOf(device, made));
  return all[0]!.map((_, i) => all.reduce((sum, levels) => sum + levels[i]!, 0));
}

function difference(a: Sum, b: Sum) {
  const minus = (x: ArrayLike<number>, y: ArrayLike<number>) => Array.from(x, (value, i) => value - y[i]!);
  return { levels: minus(a.levels, b.levels), metadata: minus(a.metadata, b.metadata) };
}

/** Has members vote for the sum of these uploads and open it, as a coordinator does; the openings it gets, by place. */
async function openHonestly(room: Room, members: readonly Device[], made: Made, contributors: readonly Device[]) {
  const votes = [];
  for (const member of members) votes.push(must(await room.vote(member, made, ids(contributors))));
  const openings = new Map<number, Uint16Array>();
  for (const [i, member] of members.entries()) {
    const { bytes } = must(await room.open(member, made, votes[0]!.contributors, votes));
    openings.set(votes[i]!.x, must(decodeOpening(bytes!)));
  }
  return openings;
}

/**
 * A coordinator that lies shows each honest member one of two U’s, all contributors or all but the last; members that collude vote for
 * both and add up their shares for both. What it can decrypt of the two.
 */
async function playTwoSums(
  room: Room,
  { colluders, shown }: { colluders: number; shown: readonly ('all' | 'less')[] },
) {
  const { devices, made, uploads } = await checkedRound(room, colluders + shown.length);
  const dishonest = devices.slice(0, colluders);
  const honest = devices.slice(colluders);
  const lists = { all: uploads, less: uploads.slice(0, -1) };
  const votes = { all: [] as Awaited<ReturnType<typeof voteOf>>[], less: [] as Awaited<ReturnType<typeof voteOf>>[] };
  for (const list of ['all', 'less'] as const) {
    for (const member of dishonest) votes[list].push(await voteOf(member, made, lists[list]));
    for (const [i, member] of honest.entries())
      if (shown[i] === list)
        votes[list].push(must(await room.vote(member, made, ids(devices.slice(0, lists[list].length)))));
  }
  const open = async (list: 'all' | 'less') => {
    const openings = await openingsOf(dishonest, made, lists[list]);
    for (const member of honest) {
      const contributors = votes[list][0]?.contributors;
      const answer = contributors && (await room.open(member, made, contributors, votes[list]));
      if (!answer || isRejection(answer)) continue;
      const { x } = answer.payload as { x: number };
      openings.set(x, must(decodeOpening(answer.bytes!)));
    }
    return decrypt(made, lists[list], openings);
  };
  return { devices, made, all: await open('all'), less: await open('less') };
}

describe('a coordinator that follows the protocol, and up to t − 1 members', () => {
  it('learns each round’s sum, exactly, with its sum key and summed metadata', async () => {
    const room = await createRoom();
    const { devices, made, uploads } = await checkedRound(room, 4);
    const sum = must(await decrypt(made, uploads, await openHonestly(room, devices, made, devices)));
    expect(Array.from(sum.levels)).toEqual(total(devices, made));
    expect(sum.metadata).toEqual(METADATA.map((value) => 4 * value));
    expect(sum.key.some((value) => value !== 0)).toBe(true);
  });

  it('learns the sum of each group of a round in groups, and there the update of the one whose neighbours all conspire with it', async () => {
    const room = await createRoom();
    const deltas = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
    const devices = await Promise.all(deltas.map((delta) => room.device({ delta })));
    for (const [i, group] of [devices.slice(0, 3), devices.slice(3)].entries()) {
      const made = await room.plan(group, (plan) => plan, 1, i + 1);
      const uploads = await room.contributeAll(group, made);
      for (const member of group) must(await room.check(member, made, uploads));
      const sum = must(await decrypt(made, uploads, await openHonestly(room, group, made, group)));
      expect(Array.from(sum.levels)).toEqual(total(group, made));
      const [victim, ...neighbours] = group as [Device, ...Device[]];
      const theirs = total(neighbours, made);
      expect(Array.from(sum.levels, (level, at) => level - theirs[at]!)).toEqual(levelsOf(victim, made));
    }
  });

  it('learns differences between rounds: of two sums that one participant tells apart, about what that one had to add', async () => {
    const room = await createRoom();
    const first = await checkedRound(room, 4);
    const { devices } = first;
    const [victim] = devices.slice(-1) as [Device];
    const stayed = devices.slice(0, -1);
    const made = await room.plan(devices, (plan) => plan, 2);
    const uploads = await room.contributeAll(stayed, made);
    for (const member of devices) must(await room.check(member, made, uploads));
    const before = must(
      await decrypt(first.made, first.uploads, await openHonestly(room, devices, first.made, devices)),
    );
    const after = must(await decrypt(made, uploads, await openHonestly(room, devices, made, stayed)));
    const { levels, metadata } = difference(before, after);
    expect(metadata).toEqual(METADATA);
    // Each update is rounded anew in each round, by less than a level.
    for (const [i, level] of levelsOf(victim, first.made).entries())
      expect(Math.abs(levels[i]! - level)).toBeLessThanOrEqual(devices.length);
  });

  it('learns no single update: t − 1 shares of a key fit every key there could be, also beside the opened sum', async () => {
    const room = await createRoom();
    const { devices, made, uploads } = await checkedRound(room, 3);
    const { threshold } = made.plan.committee;
    const [one, other] = uploads as [Upload, Upload];
    const known = await openingsOf(devices.slice(0, threshold - 1), made, [one]);
    expect(known.size).toBe(threshold - 1);
    const missing = { one: await shareOf(devices[2]!, made, one), other: await shareOf(devices[2]!, made, other) };
    const opened = missing.one!.map((share, i) => (share + missing.other![i]!) % SHARE_PRIME).subarray(0, N);
    const xs = [0, ...known.keys()];
    const weights = lagrange(xs, 3);
    for (const guess of [new Int32Array(N), Int32Array.from({ length: N }, (_, i) => (i % 169) - 84)]) {
      // The third share that would make the guess the key …
      const third = Uint16Array.from({ length: N }, (_, i) => {
        const values = [guess[i]!, ...[...known.values()].map((shares) => shares[i]!)];
        const share = weights.reduce((sum, weight, j) => (sum + weight * values[j]!) % SHARE_PRIME, 0);
        return (share + SHARE_PRIME) % SHARE_PRIME;
      });
      const openings = new Map([...known, [3, third] as const]);
      const recovered = must(await recoverSumKey({ threshold, openings, accept: async () => true }));
      expect(recovered.key).toEqual(guess);
      // … and one for another device that makes up for it in everything that is opened.
      const makesUp = opened.map((sum, i) => (sum - third[i]! + SHARE_PRIME) % SHARE_PRIME);
      expect(makesUp.map((share, i) => (share + third[i]!) % SHARE_PRIME)).toEqual(opened);
    }
  });

  it('opens no single update with the opened sum key, nor with t − 1 shares and a guess', async () => {
    const room = await createRoom();
    const { devices, made, uploads } = await checkedRound(room, 4);
    const [victim] = uploads as [Upload];
    const shares = await openingsOf(devices.slice(0, made.plan.committee.threshold - 1), made, [victim]);
    expect(await decrypt(made, [victim], shares)).toMatchObject({ rejected: 'openings_few' });
    expect(await decrypt(made, [victim], shares.set(3, new Uint16Array(N)))).toMatchObject({ rejected: 'key_refused' });
    const opened = await openHonestly(room, devices, made, devices);
    must(await decrypt(made, uploads, opened));
    expect(await decrypt(made, [victim], opened)).toMatchObject({ rejected: 'key_refused' });
  });
});

describe('a coordinator that lies, roster certified by a study key, up to 2t − m − 1 colluders among the members it picks', () => {
  // m = 4, t = 3: one colluder.
  const shown = Array.from({ length: 8 }, (_, mask) =>
    [0, 1, 2].map((i) => ((mask >> i) & 1 ? ('less' as const) : ('all' as const))),
  );

  it('learns the same: however it shows U and U minus a victim to the members, one sum at most is opened, never a single update', async () => {
    const room = await createRoom({ vouched: true });
    const opened = new Set<string>();
    for (const split of shown) {
      const { all, less, devices, made } = await playTwoSums(room, { colluders: 1, shown: split });
      const sums = [all, less].filter((sum) => !isRejection(sum));
      expect(sums, split.join()).toHaveLength(1);
      if (!isRejection(all)) expect(Array.from(all.levels)).toEqual(total(devices, made));
      if (!isRejection(less)) expect(Array.from(less.levels)).toEqual(total(devices.slice(0, -1), made));
      opened.add(isRejection(all) ? 'less' : 'all');
    }
    // It chooses which.
    expect([...opened].sort()).toEqual(['all', 'less']);
  });

  it('can leave devices out: a sum without the victim opens if all are shown that one', async () => {
    const room = await createRoom({ vouched: true });
    const { less, devices, made } = await playTwoSums(room, { colluders: 0, shown: ['less', 'less', 'less', 'less'] });
    expect(Array.from(must(less).levels)).toEqual(total(devices.slice(0, -1), made));
  });

  it('can make rounds fail: members that are split evenly open nothing', async () => {
    const room = await createRoom({ vouched: true });
    const { all, less } = await playTwoSums(room, { colluders: 0, shown: ['all', 'less', 'all', 'less'] });
    expect([all, less]).toMatchObject([{ rejected: 'openings_few' }, { rejected: 'openings_few' }]);
  });
});

describe('a coordinator that lies, with 2t − m … t − 1 members', () => {
  it('learns sums over several U’s, hence single updates: two colluders of four give it the victim’s, to the last level', async () => {
    const room = await createRoom({ vouched: true });
    const { all, less, devices, made } = await playTwoSums(room, { colluders: 2, shown: ['all', 'less'] });
    const { levels, metadata } = difference(must(all), must(less));
    expect(levels).toEqual(levelsOf(devices.at(-1)!, made));
    expect(metadata).toEqual(METADATA);
  });
});

describe('a coordinator that lies, roster not certified or committee drawn from an open cohort', () => {
  it('learns everything: it invents the members, and each update opens with their keys', async () => {
    const room = await createRoom();
    const invented = await Promise.all([1, 2, 3].map(() => room.device()));
    const people = await Promise.all([0.1, 0.2, 0.3].map((delta) => room.device({ delta })));
    const made = await room.plan(invented, (plan) => ({
      ...plan,
      committee: {
        ...plan.committee,
        members: plan.committee.members.map((member) => ({ ...member, certificate: null })),
      },
    }));
    for (const person of people) {
      const upload = must(await room.contribute(person, made.hash));
      const alone = must(await decrypt(made, [upload], await openingsOf(invented, made, [upload])));
      expect(Array.from(alone.levels)).toEqual(levelsOf(person, made));
    }
  });

  it('learns nothing of a device that pins a study key: it seals for certified members only', async () => {
    const room = await createRoom({ vouched: true });
    const stranger = await createRoom();
    const invented = await Promise.all([1, 2, 3].map(() => room.device()));
    const person = await room.device();
    for (const by of [null, stranger.study]) {
      const certificates = await Promise.all(
        invented.map(({ identity }) => by && room.certify(identity.publicKey, 'member', by)),
      );
      const made = await room.plan(invented, (plan) => ({
        ...plan,
        committee: {
          ...plan.committee,
          members: plan.committee.members.map((member, i) => ({ ...member, certificate: certificates[i]! })),
        },
      }));
      expect(await room.contribute(person, made.hash)).toMatchObject({
        rejected: by ? 'certificate_forged' : 'plan_committee',
      });
    }
    expect(person.sent).toEqual([]);
  });
});

describe('t members together, while the one-time keys live', () => {
  it('learn every update of the round', async () => {
    const room = await createRoom({ vouched: true });
    const { devices, made, uploads } = await checkedRound(room, 4);
    const together = devices.slice(1, 1 + made.plan.committee.threshold);
    for (const [i, upload] of uploads.entries()) {
      const alone = must(await decrypt(made, [upload], await openingsOf(together, made, [upload])));
      expect(Array.from(alone.levels)).toEqual(levelsOf(devices[i]!, made));
      expect(alone.metadata).toEqual(METADATA);
    }
  });

  it('learn none once they have opened: the keys are gone with the shares', async () => {
    const room = await createRoom({ vouched: true });
    const { devices, made, uploads } = await checkedRound(room, 4);
    await openHonestly(room, devices, made, devices);
    const openings = await openingsOf(devices, made, [uploads[0]!]);
    expect(openings.size).toBe(0);
    expect(devices.every(({ shares }) => shares.every((share) => share.every((value) => value === 0)))).toBe(true);
    expect(await decrypt(made, [uploads[0]!], openings)).toMatchObject({ rejected: 'openings_few' });
  });
});

describe('a coordinator that invents participants', () => {
  it('learns the sum minus its own: with open admission, one victim among invented ones, to the last level', async () => {
    const room = await createRoom({ vouched: true });
    const members = await Promise.all([1, 2, 3].map(() => room.device()));
    const victim = await room.device({ delta: 0.3 });
    const invented = await Promise.all([1, 2].map(() => room.device({ delta: 0 })));
    const people = [victim, ...invented];
    const made = await room.plan(members);
    const uploads = await room.contributeAll(people, made);
    for (const member of members) must(await room.check(member, made, uploads));
    const sum = must(await decrypt(made, uploads, await openHonestly(room, members, made, people)));
    const own = total(invented, made);
    expect(Array.from(sum.levels, (level, i) => level - own[i]!)).toEqual(levelsOf(victim, made));
    expect(sum.metadata.map((value, i) => value - 2 * METADATA[i]!)).toEqual(METADATA);
  });

  it('learns nothing where admission is by certificate: members vote for no U with a device that carries none', async () => {
    const room = await createRoom({ vouched: true, pins: { admission: 'certified' } });
    const members = await Promise.all([1, 2, 3].map(() => room.device()));
    const people = await Promise.all([1, 2, 3].map(() => room.device({ certified: ['device'] })));
    const invented = await room.device({ delta: 0 });
    const made = await room.plan(members);
    const uploads = await room.contributeAll([...people, invented], made);
    for (const member of members) {
      must(await room.check(member, made, uploads));
      expect(await room.vote(member, made, [...people, invented])).toMatchObject({ rejected: 'bad_contributors' });
      expect(await room.vote(member, made, [people[0]!, people[1]!, invented])).toMatchObject({
        rejected: 'bad_contributors',
      });
      must(await room.vote(member, made, people));
    }
  });
});

describe('whoever asks for two plans, two U’s, or a U below the floor', () => {
  it('is refused', async () => {
    const room = await createRoom({ vouched: true });
    const { devices, made, uploads } = await checkedRound(room, 4);
    const second = await room.publish({ ...made.plan, previous: 'ab'.repeat(32) });
    for (const member of devices) {
      expect(await member.contributing.asked(second.hash)).toMatchObject({ rejected: 'old_round' });
      expect(await room.check(member, second, uploads)).toMatchObject({ rejected: 'already_checked' });
      for (const size of [0, 1, 2])
        expect(await room.vote(member, made, devices.slice(0, size))).toMatchObject({ rejected: 'bad_contributors' });
      must(await room.vote(member, made, devices));
      expect(await room.vote(member, made, devices.slice(1))).toMatchObject({ rejected: 'already_voted' });
    }
    expect(devices.flatMap(({ sent }) => sent).filter(({ name }) => name === 'opening')).toEqual([]);
  });
});

describe('whoever serves the page’s code', () => {
  it('learns everything: other code in the place of ours has the plain update before it is sealed', async () => {
    const room = await createRoom({ vouched: true, pins: { admission: 'certified' } });
    const members = await Promise.all([1, 2, 3].map(() => room.device()));
    const victim = await room.device({ delta: 0.3, certified: ['device'] });
    const made = await room.plan(members);
    let seen: number[] = [];
    victim.served = (delta) => {
      seen = Array.from(delta);
    };
    must(await room.contribute(victim, made.hash));
    expect(seen).toEqual(Array.from(new Float32Array(10).fill(0.3)));
  });
});
