import { decodeAnswer } from '@sotto/he-core/opening';
import { MASKS, N } from '@sotto/he-core/params';
import { boxAad, generateOneTimeKey, sealBox } from '@sotto/he-core/sealed-box';
import { concat, fromHex, toHex } from '@sotto/protocol/bytes';
import { issueCertificate } from '@sotto/protocol/certificate';
import { deviceIdOf } from '@sotto/protocol/ids';
import { signOneTimeKey } from '@sotto/protocol/one-time-key';
import type { Plan } from '@sotto/protocol/plan';
import type { Noise } from '@sotto/protocol/privacy';
import { updateString } from '@sotto/protocol/update-record';
import { beforeAll, describe, expect, it } from 'vitest';
import { shareOf } from './conspiracy.ts';
import {
  box,
  checkedRound,
  ciphertext,
  contributedRound,
  createRoom,
  type Device,
  hashOf,
  inOrder,
  type Made,
  must,
  NOW,
  type Room,
  TASK,
  type Upload,
} from './room.ts';

/** Attacks that worked on drafts of the protocol; each rule of docs/PROTOCOL.md that looks odd answers one of these. */

describe('different sums of one round', () => {
  let room: Room;
  let devices: Device[];
  let made: Made;
  let uploads: Upload[];
  beforeAll(async () => {
    room = await createRoom();
    ({ devices, made, uploads } = await checkedRound(room));
  });

  it('members shown different U’s do not open either: no U gathers enough votes', async () => {
    const without = devices.slice(1);
    const votesAll = [
      must(await room.vote(devices[0]!, made, devices)),
      must(await room.vote(devices[1]!, made, devices)),
    ];
    const votesWithout = [
      must(await room.vote(devices[2]!, made, without)),
      must(await room.vote(devices[3]!, made, without)),
    ];
    for (const member of devices)
      for (const votes of [votesAll, votesWithout])
        expect(await room.open(member, made, votes[0]!.contributors, votes)).toHaveProperty('rejected');
  });

  it('a member that voted for U refuses to vote for U minus the victim, also after a restart', async () => {
    const member = devices[0]!;
    expect(await room.vote(member, made, devices.slice(1))).toMatchObject({ rejected: 'already_voted' });
    member.restart();
    expect(await room.vote(member, made, devices.slice(1))).toMatchObject({ rejected: 'already_voted' });
    expect(await room.vote(member, made, devices)).toMatchObject({ planHash: made.hash });
  });

  it('a U of one, a U below the floor, a U with a stranger, a U out of order and a repeated device are refused', async () => {
    const other = await room.device();
    const [a, b, c] = devices.map(({ identity }) => identity.device).sort() as [string, string, string];
    for (const list of [[a], [a, b], [a, b, other.identity.device].sort()])
      expect(await room.vote(devices[2]!, made, list)).toMatchObject({ rejected: 'bad_contributors' });
    for (const contributors of [
      [c, b, a],
      [a, a, b],
    ])
      expect(await devices[2]!.committee.perform({ kind: 'vote', planHash: made.hash, contributors })).toMatchObject({
        rejected: 'bad_contributors',
      });
  });

  it('a member that restarted, and is then given a broken box of the victim, opens nothing rather than U minus the victim', async () => {
    const { devices, made, uploads } = await checkedRound(room, 3);
    const votes = [];
    for (const device of devices) votes.push(must(await room.vote(device, made, devices)));
    const [member] = devices as [Device];
    member.restart();
    const broken = (upload: Upload, x: number) =>
      box(upload, x).map((byte) => (upload === uploads[2] ? byte ^ 1 : byte));
    must(await room.check(member, made, uploads, broken));
    expect(await room.open(member, made, votes[0]!.contributors, votes)).toMatchObject({
      rejected: 'bad_contributors',
    });
    expect(member.sent.some(({ name }) => name === 'opening')).toBe(false);
  });

  it('votes of too few members, votes counted twice and votes for another list do not open', async () => {
    const { devices: four, made: plan } = await checkedRound(room, 4);
    const votes = [must(await room.vote(four[0]!, plan, four)), must(await room.vote(four[1]!, plan, four))];
    const twice = [...votes, votes[0]!, votes[0]!];
    expect(await room.open(four[0]!, plan, votes[0]!.contributors, twice)).toMatchObject({ rejected: 'too_few_votes' });
    const moved = [...votes, { ...votes[0]!, x: 3 }];
    expect(await room.open(four[0]!, plan, votes[0]!.contributors, moved)).toMatchObject({ rejected: 'too_few_votes' });
  });

  it('candidates other than those a member checked are not answered for, whatever the round', async () => {
    expect(await room.check(devices[1]!, made, uploads.slice(1))).toMatchObject({ rejected: 'already_checked' });
    devices[1]!.restart();
    expect(await room.check(devices[1]!, made, uploads.slice(1))).toMatchObject({ rejected: 'already_checked' });
  });
});

describe('boxes', () => {
  it('a member given another member’s box, a flipped bit or another device’s box says so about that device alone', async () => {
    for (const swap of [
      (upload: Upload, x: number) => box(upload, (x % 3) + 1),
      (upload: Upload, x: number) => box(upload, x).map((byte, i) => (i === 100 ? byte ^ 1 : byte)),
      (_: Upload, x: number, other: Upload) => box(other, x),
    ]) {
      const room = await createRoom();
      const { devices, made, uploads } = await contributedRound(room, 3);
      const target = uploads[1]!;
      const sent = must(
        await room.check(devices[0]!, made, uploads, (upload, x) =>
          upload === target ? swap(upload, x, uploads[0]!) : box(upload, x),
        ),
      );
      const entries = must(decodeAnswer(sent.bytes!, 3));
      expect(entries.map((entry) => entry === null)).toEqual(inOrder(uploads).map((upload) => upload === target));
      const refused = await room.vote(devices[0]!, made, devices);
      expect(refused).toMatchObject({ rejected: 'bad_contributors' });
    }
  });

  it('a box the coordinator sealed itself, to the member’s key and with shares of its choice, is not taken for the device’s', async () => {
    const room = await createRoom();
    const { devices, made, uploads } = await contributedRound(room, 3);
    const target = uploads[1]!;
    const { key, ciphertext } = target.record;
    const aad = boxAad(fromHex(made.hash), fromHex(deviceIdOf(key)), 1, fromHex(ciphertext));
    const { oneTime } = made.plan.committee.members[0]!;
    const forged = must(await sealBox(fromHex(oneTime.key), aad, new Uint16Array(N + MASKS)));
    const sent = must(
      await room.check(devices[0]!, made, uploads, (upload, x) => (upload === target ? forged : box(upload, x))),
    );
    const entries = must(decodeAnswer(sent.bytes!, 3));
    expect(entries.map((entry) => entry === null)).toEqual(inOrder(uploads).map((upload) => upload === target));
    // Nothing else is wrong with it: it opens to what the coordinator put in.
    expect(await shareOf(devices[0]!, made, target, forged)).toEqual(new Uint16Array(N + MASKS));
  });

  it('a box copied from another device does not open, even where a dealer signs for it as its own', async () => {
    const room = await createRoom();
    const { devices, uploads } = await checkedRound(room, 4);
    const next = await room.plan(devices, (plan) => plan, 2);
    const fresh = await room.contributeAll(devices, next);
    const [honest, thief, ...others] = fresh as [Upload, Upload, ...Upload[]];
    for (const source of [honest, uploads[1]!]) {
      const bytes = concat([ciphertext(thief), ...devices.map((_, i) => box(source, i + 1))]);
      const unsigned = { ...thief.record, boxes: source.record.boxes };
      const signature = await devices[1]!.identity.sign(updateString(next.hash, unsigned));
      const copied = { record: { ...unsigned, signature }, bytes };
      const member = source === honest ? devices[2]! : devices[3]!;
      const sent = must(await room.check(member, next, [honest, copied, ...others]));
      const failed = inOrder([honest, copied, ...others]).map((upload) => upload === copied);
      expect(must(decodeAnswer(sent.bytes!, 4)).map((entry) => entry === null)).toEqual(failed);
    }
  });

  it('records with a forged signature, or of another plan, fail; the honest ones beside them do not', async () => {
    const room = await createRoom();
    const { devices, made, uploads } = await contributedRound(room, 3);
    const [first, second, third] = uploads as [Upload, Upload, Upload];
    const { record } = first;
    for (const [member, change] of [
      [devices[0]!, { signature: second.record.signature }],
      [devices[1]!, { ciphertext: '00'.repeat(32) }],
      // Signed, but with a box for more members than the plan has.
      [devices[2]!, await signed({ ...record, boxes: [...record.boxes, record.boxes[0]!] })],
    ] as const) {
      const forged = { bytes: first.bytes, record: { ...record, ...change } };
      const boxOf = (upload: Upload, x: number) => box(upload === forged ? first : upload, x);
      const sent = must(await room.check(member, made, [forged, second, third], boxOf));
      const failed = inOrder([forged, second, third]).map((upload) => upload === forged);
      expect(must(decodeAnswer(sent.bytes!, 3)).map((entry) => entry === null)).toEqual(failed);
    }

    async function signed(unsigned: Upload['record']) {
      return { ...unsigned, signature: await devices[0]!.identity.sign(updateString(made.hash, unsigned)) };
    }
  });

  it('a list of candidates that is unordered, repeats a device or exceeds the plan is refused whole', async () => {
    const room = await createRoom();
    const { devices, made, uploads } = await contributedRound(room, 3);
    const [first, second, third] = inOrder(uploads) as [Upload, Upload, Upload];
    const member = devices[0]!;
    for (const records of [
      [second, first, third],
      [first, first, second],
    ]) {
      member.answer = () => ({
        reply: { records: records.map(({ record }) => record), total: 3 },
        bytes: Uint8Array.from(records.flatMap((upload) => [...box(upload, 1)])),
      });
      expect(
        await member.committee.perform({ kind: 'check', planHash: made.hash, candidates: hashOf(made.hash, uploads) }),
      ).toMatchObject({ rejected: 'bad_candidates' });
    }
    member.answer = () => ({ reply: { records: [], total: 11 }, bytes: new Uint8Array(0) });
    expect(
      await member.committee.perform({ kind: 'check', planHash: made.hash, candidates: hashOf(made.hash, uploads) }),
    ).toMatchObject({ rejected: 'bad_candidates' });
    expect(member.sent.some(({ name }) => name === 'answer')).toBe(false);
  });
});

describe('invented people', () => {
  it('zeros sealed for all but a victim: where admission is certified, no sum with uncertified devices is opened', async () => {
    const room = await createRoom({ vouched: true, pins: { admission: 'certified' } });
    const members = await Promise.all([1, 2, 3].map(() => room.device()));
    const victim = await room.device({ certified: ['device'] });
    const invented = await Promise.all([1, 2].map(() => room.device({ delta: 0 })));
    const people = [victim, ...invented];
    const made = await room.plan(members);
    const uploads = await room.contributeAll(people, made);
    for (const member of members) {
      const sent = must(await room.check(member, made, uploads));
      const usable = inOrder(uploads).map((upload) => upload === uploads[0]);
      expect(must(decodeAnswer(sent.bytes!, 3)).map((entry) => entry !== null)).toEqual(usable);
      expect(await room.vote(member, made, people)).toMatchObject({ rejected: 'bad_contributors' });
      expect(await room.vote(member, made, [victim])).toMatchObject({ rejected: 'bad_contributors' });
    }
  });

  it('with a study key pinned, a roster without its certificates is refused by contributors and members', async () => {
    const stranger = await createRoom();
    const room = await createRoom({ pins: { studyKey: stranger.study.publicKey } });
    const devices = await Promise.all([1, 2, 3].map(() => room.device()));
    for (const strip of [
      (plan: Plan) => plan,
      (plan: Plan) => ({
        ...plan,
        committee: {
          ...plan.committee,
          members: plan.committee.members.map((member) => ({ ...member, certificate: null })),
        },
      }),
    ]) {
      const made = await room.plan(devices, strip);
      expect(await devices[0]!.contributing.asked(made.hash)).toMatchObject({
        rejected: expect.stringMatching(/^(plan_committee|certificate_forged)$/),
      });
      expect(await room.check(devices[0]!, made, [])).toHaveProperty('rejected');
    }
  });
});

describe('plans', () => {
  it('two plans for one round: a contributor seals for the first only, a member answers for the first only', async () => {
    const room = await createRoom();
    const devices = await Promise.all([1, 2, 3].map(() => room.device()));
    const first = await room.plan(devices);
    const second = await room.publish({ ...first.plan, minimumCohort: 4 });
    const uploads = await room.contributeAll(devices, first);
    expect(await devices[0]!.contributing.asked(second.hash)).toMatchObject({ rejected: 'old_round' });
    devices[0]!.restart();
    expect(await devices[0]!.contributing.asked(second.hash)).toMatchObject({ rejected: 'old_round' });
    must(await room.check(devices[0]!, first, uploads));
    expect(await room.check(devices[0]!, second, uploads)).toMatchObject({ rejected: 'already_checked' });
    expect(await room.vote(devices[0]!, second, devices)).toMatchObject({ rejected: 'not_checked' });
  });

  it('an older round, and another group of the same round, are refused by one that contributed', async () => {
    const room = await createRoom();
    const devices = await Promise.all([1, 2, 3].map(() => room.device()));
    const made = await room.plan(devices, (plan) => plan, 5);
    must(await room.contribute(devices[0]!, made.hash));
    for (const change of [{ round: 4 }, { group: 1 }]) {
      const members = made.plan.committee.members;
      const other = await room.publish({ ...made.plan, ...change, committee: { ...made.plan.committee, members } });
      // Another round or group needs other one-time keys: the old ones are signed for this one.
      expect(await devices[0]!.contributing.asked(other.hash)).toHaveProperty('rejected');
    }
    const older = await room.plan(devices, (plan) => plan, 4);
    expect(await devices[0]!.contributing.asked(older.hash)).toMatchObject({ rejected: 'old_round' });
  });

  it('a swapped model is refused before anything is learned from it', async () => {
    const room = await createRoom();
    const devices = await Promise.all([1, 2, 3].map(() => room.device()));
    const made = await room.plan(devices);
    room.documents.set(`/api/models/${made.plan.model}`, Uint8Array.of(1, 2, 3));
    expect(await room.contribute(devices[0]!, made.hash)).toMatchObject({ rejected: 'model_hash' });
    expect(devices[0]!.sent.some(({ name }) => name === 'upload')).toBe(false);
  });

  it('a swapped model is refused by a member that only checks, before it answers; the right one is fetched once', async () => {
    const room = await createRoom();
    const members = await Promise.all([1, 2, 3].map(() => room.device()));
    const people = await Promise.all([1, 2, 3].map(() => room.device()));
    const made = await room.plan(members);
    const uploads = await room.contributeAll(people, made);
    const path = `/api/models/${made.plan.model}`;
    const model = room.documents.get(path)!;
    const [member] = members as [Device];
    room.documents.set(path, Uint8Array.of(1, 2, 3));
    expect(await room.check(member, made, uploads)).toMatchObject({ rejected: 'model_hash' });
    expect(member.sent.some(({ name }) => name === 'answer')).toBe(false);
    room.documents.set(path, model);
    for (let asked = 0; asked < 2; asked++) must(await room.check(member, made, uploads));
    must(await room.vote(member, made, people));
    expect(member.fetched.filter((one) => one === path)).toHaveLength(2);
  });

  it('a member that contributed does not fetch the model again to compare it', async () => {
    const { devices } = await checkedRound(await createRoom(), 3);
    for (const { fetched } of devices)
      expect(fetched.filter((path) => path.startsWith('/api/models/'))).toHaveLength(1);
  });

  it('every weakened plan is refused by contributor and member alike, and each for what is weak in it', async () => {
    const room = await createRoom();
    const devices = await Promise.all([1, 2, 3, 4].map(() => room.device()));
    const outsider = await createRoom();
    // Signed by two members, each for itself, as if they had agreed on it.
    const shared = toHex((await generateOneTimeKey()).publicKey);
    const inCommon = await Promise.all(
      devices.slice(0, 2).map(({ identity }) => signOneTimeKey(identity, room.roundKey(), shared, NOW + 3600_000)),
    );
    const committee = (plan: Plan, change: Partial<Plan['committee']>) => ({
      ...plan,
      committee: { ...plan.committee, ...change },
    });
    const deadlines = (plan: Plan, change: Partial<Plan['deadlines']>) => ({
      ...plan,
      deadlines: { ...plan.deadlines, ...change },
    });
    const encoding = (plan: Plan, change: Partial<Plan['encoding']>) => ({
      ...plan,
      encoding: { ...plan.encoding, ...change },
    });
    const noise = { mechanism: 'skellam', variance: 1e8, contributors: 3, epsilon: 5, delta: 1e-5 } satisfies Noise;
    const noisy = (plan: Plan, change: Partial<Noise>): Plan => ({
      ...encoding(plan, { lambda: 1000, metadata: [] }),
      noise: { ...noise, ...change },
    });
    const weaker: [string, string, (plan: Plan) => Plan][] = [
      ['plan_committee', '2 of 4 could open', (plan) => committee(plan, { threshold: 2 })],
      ['plan_committee', '5 of 4 could open', (plan) => committee(plan, { threshold: 5 })],
      [
        'plan_committee',
        'a device is listed twice',
        (plan) => committee(plan, { members: [...plan.committee.members.slice(0, 3), plan.committee.members[0]!] }),
      ],
      [
        'plan_committee',
        'two members share a one-time key',
        (plan) =>
          committee(plan, {
            members: plan.committee.members.map((member, i) => ({ ...member, oneTime: inCommon[i] ?? member.oneTime })),
          }),
      ],
      ['plan_foreign', 'another coordinator', (plan) => ({ ...plan, coordinator: outsider.coordinator.publicKey })],
      ['plan_foreign', 'the task other', (plan) => ({ ...plan, task: 'other' })],
      ['plan_numbers', 'could overflow', (plan) => encoding(plan, { lambda: plan.encoding.lambda + 1 })],
      ['plan_numbers', 'room for 47', (plan) => encoding(plan, { nMax: 48, lambda: 1 })],
      [
        'plan_numbers',
        'examples up to',
        (plan) => encoding(plan, { metadata: [{ name: 'examples', bound: 2 ** 41 }] }),
      ],
      ['plan_numbers', 'wants at least 11', (plan) => ({ ...plan, minimumCohort: plan.encoding.nMax + 1 })],
      ['plan_numbers', 'must begin with examples', (plan) => encoding(plan, { metadata: [] })],
      ['plan_noise', 'counts on 4 contributors', (plan) => noisy(plan, { contributors: 4 })],
      ['plan_noise', 'one round would cost', (plan) => noisy(plan, { variance: 2 })],
      ['plan_noise', 'could overflow', (plan) => encoding(noisy(plan, {}), { lambda: 100_000 })],
      ['plan_noise', 'without noise', (plan) => ({ ...noisy(plan, {}), encoding: { ...plan.encoding, lambda: 1000 } })],
      ['plan_late', 'already over', (plan) => ({ ...plan, deadlines: { upload: 1, check: 2, vote: 3, open: 4 } })],
      ['plan_late', 'already over', (plan) => deadlines(plan, { upload: 1, check: 2, vote: 3, open: NOW })],
      ['plan_late', 'out of order', (plan) => deadlines(plan, { upload: plan.deadlines.check + 1 })],
      ['plan_late', 'out of order', (plan) => deadlines(plan, { check: plan.deadlines.vote + 1 })],
      ['plan_late', 'out of order', (plan) => deadlines(plan, { vote: plan.deadlines.open + 1 })],
    ];
    for (const [rejected, part, change] of weaker) {
      const made = await room.plan(devices, change);
      const refusal = { rejected, message: expect.stringContaining(part) };
      expect(await devices[0]!.contributing.asked(made.hash), part).toMatchObject(refusal);
      expect(await room.check(devices[0]!, made, []), part).toMatchObject(refusal);
    }
    expect(devices[0]!.sent.some(({ name }) => name === 'upload' || name === 'answer')).toBe(false);
  });

  it('what the link pins is held against every plan: the coordinator, the least committee, and a floor of the device’s own', async () => {
    const other = await createRoom();
    for (const [pins, floor, code] of [
      [{ coordinator: other.coordinator.publicKey }, 3, 'plan_foreign'],
      [{ leastCommittee: 5 }, 3, 'plan_committee'],
      [{}, 4, 'plan_cohort'],
    ] as const) {
      const room = await createRoom({ pins });
      const devices = await Promise.all([1, 2, 3, 4].map(() => room.device({ floor })));
      const made = await room.plan(devices);
      expect(await devices[0]!.contributing.asked(made.hash)).toMatchObject({ rejected: code });
      expect(await room.check(devices[0]!, made, [])).toMatchObject({ rejected: code });
    }
  });

  it('a floor that was raised after the check holds at the vote and at the opening', async () => {
    const room = await createRoom();
    const { devices, made } = await checkedRound(room, 3);
    const [member] = devices as [Device];
    const votes = [];
    for (const device of devices.slice(1)) votes.push(must(await room.vote(device, made, devices)));
    const raised = await room.device({ openVault: () => member.vault, floor: 4 });
    expect(await room.vote(raised, made, devices)).toMatchObject({ rejected: 'plan_cohort' });
    votes.push(must(await room.vote(member, made, devices)));
    expect(await room.open(raised, made, votes[0]!.contributors, votes)).toMatchObject({ rejected: 'plan_cohort' });
    must(await room.open(member, made, votes[0]!.contributors, votes));
  });

  it('a certificate of the study key that is not for this member, as a member, in this task, now, is none', async () => {
    const room = await createRoom({ vouched: true });
    const devices = await Promise.all([1, 2, 3].map(() => room.device()));
    const [first, second] = devices.map(({ identity }) => identity.publicKey) as [string, string];
    const good = { key: first, task: TASK, role: 'member', expiry: NOW + 1000 } as const;
    for (const [about, code] of [
      [{ ...good, key: second }, 'certificate_mismatch'],
      [{ ...good, role: 'device' }, 'certificate_mismatch'],
      [{ ...good, task: 'other' }, 'certificate_mismatch'],
      [{ ...good, expiry: NOW }, 'certificate_expired'],
      [{ ...good, expiry: NOW + 8 * 24 * 3600_000 }, 'certificate_too_long'],
    ] as const) {
      const certificate = await issueCertificate(room.study, about);
      const made = await room.plan(devices, (plan) => {
        const [member, ...rest] = plan.committee.members;
        return { ...plan, committee: { ...plan.committee, members: [{ ...member!, certificate }, ...rest] } };
      });
      expect(await devices[1]!.contributing.asked(made.hash)).toMatchObject({ rejected: code });
      expect(await room.check(devices[1]!, made, [])).toMatchObject({ rejected: code });
    }
  });

  it('a one-time key that another member signed, that is for another round or group, or that dies before the round ends, is refused', async () => {
    const room = await createRoom();
    const devices = await Promise.all([1, 2, 3].map(() => room.device()));
    const [member] = devices as [Device];
    const key = 'ab'.repeat(32);
    const expiry = NOW + 3600_000;
    const round = room.roundKey();
    for (const oneTime of [
      await signOneTimeKey(devices[1]!.identity, round, key, expiry),
      await signOneTimeKey(member.identity, room.roundKey(2), key, expiry),
      await signOneTimeKey(member.identity, room.roundKey(1, 1), key, expiry),
      await signOneTimeKey(member.identity, round, key, NOW + 3999),
      { ...(await signOneTimeKey(member.identity, round, 'cd'.repeat(32), expiry)), key },
    ]) {
      const made = await room.plan(devices, (plan) => {
        const [first, ...rest] = plan.committee.members;
        return { ...plan, committee: { ...plan.committee, members: [{ ...first!, oneTime }, ...rest] } };
      });
      expect(await devices[1]!.contributing.asked(made.hash)).toMatchObject({ rejected: 'plan_committee' });
      expect(await room.check(devices[1]!, made, [])).toMatchObject({ rejected: 'plan_committee' });
    }
  });

  it('a plan that lists another one-time key for a member than the one it gave is not answered by it', async () => {
    const room = await createRoom();
    const devices = await Promise.all([1, 2, 3].map(() => room.device()));
    const [member] = devices as [Device];
    const oneTime = await signOneTimeKey(member.identity, room.roundKey(), 'ab'.repeat(32), NOW + 3600_000);
    const made = await room.plan(devices, (plan) => {
      const [first, ...rest] = plan.committee.members;
      return { ...plan, committee: { ...plan.committee, members: [{ ...first!, oneTime }, ...rest] } };
    });
    expect(await room.check(member, made, [])).toMatchObject({ rejected: 'foreign_key' });
  });

  it('a plan whose bytes were changed after it was announced or signed is refused', async () => {
    const room = await createRoom();
    const devices = await Promise.all([1, 2, 3].map(() => room.device()));
    const made = await room.plan(devices);
    const path = `/api/plans/${made.hash}`;
    const text = new TextDecoder().decode(room.documents.get(path));
    room.documents.set(path, new TextEncoder().encode(text.replace('"minimumCohort":3', '"minimumCohort":4')));
    expect(await devices[0]!.contributing.asked(made.hash)).toMatchObject({ rejected: 'plan_hash' });
    const signature = /"signature":"([0-9a-f]{128})"}$/.exec(text)![1]!;
    const forged = fromHex(signature);
    forged[0]! ^= 1;
    room.documents.set(path, new TextEncoder().encode(text.replace(signature, Buffer.from(forged).toString('hex'))));
    expect(await devices[0]!.contributing.asked(made.hash)).toMatchObject({ rejected: 'plan_signature' });
  });

  it('a one-time key is given for this coordinator and task only, for 24 hours at the most, and the same one twice', async () => {
    const room = await createRoom();
    const other = await createRoom();
    const device = await room.device();
    const ask = (round: object, expiry: number) =>
      device.committee.perform({ kind: 'one-time-key', round: { ...room.roundKey(), ...round }, expiry });
    const now = device.clock;
    expect(await ask({ coordinator: other.coordinator.publicKey }, now + 1000)).toMatchObject({
      rejected: 'duty_foreign',
    });
    expect(await ask({ task: 'other' }, now + 1000)).toMatchObject({ rejected: 'duty_foreign' });
    expect(await ask({}, now + 25 * 3600_000)).toMatchObject({ rejected: 'duty_foreign' });
    expect(await ask({}, now)).toMatchObject({ rejected: 'duty_foreign' });
    const first = must(await room.summon(device));
    device.restart();
    expect(must(await room.summon(device))).toEqual(first);
    device.clock = first.expiry;
    await device.committee.forgetExpired();
    expect(await device.vault.list('one-time-keys', '')).toEqual([]);
  });
});
