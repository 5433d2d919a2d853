import { isRejection, type Rejection } from '@sotto/protocol/rejection';
import type { Vault } from '../src/vault.ts';
import { voteOf } from './conspiracy.ts';
import { checkedRound, createRoom, type Device, must, type Room } from './room.ts';

/**
 * What a device has said once stays said once, whatever a coordinator asks for later and however often the device restarts: checks that
 * throw, to be run over every vault there is, in Node and in a browser.
 */
export interface MemoryCase {
  readonly promise: string;
  /** `open`: the vault of that name, as it was left. */
  run(open: (name: string) => Vault | Promise<Vault>): Promise<void>;
}

function ensure(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

function ensureRefused(answer: object | undefined, ...codes: string[]): void {
  ensure(answer && isRejection(answer), `it was not refused with ${codes.join(' or ')}: ${JSON.stringify(answer)}`);
  const { rejected } = answer as Rejection;
  ensure(codes.includes(rejected), `it was refused with ${rejected}, not ${codes.join(' or ')}`);
}

const count = (device: Device, name: string) => device.sent.filter((sent) => sent.name === name).length;
const without = (devices: readonly Device[], left: Device) => devices.filter((device) => device !== left);

/** A device whose records lie in the vault of that name. */
function deviceIn(room: Room, open: Parameters<MemoryCase['run']>[0], name: string): Promise<Device> {
  return room.device({ openVault: () => open(name) });
}

export const MEMORY_CASES: readonly MemoryCase[] = [
  {
    promise: 'U and then U minus the victim: a member that voted for U votes for nothing else, also after it restarted',
    async run(open) {
      const room = await createRoom();
      const member = await deviceIn(room, open, 'votes');
      const { devices, made } = await checkedRound(room, 4, [member]);
      const first = must(await room.vote(member, made, devices));
      for (const restart of [async () => {}, member.reopen]) {
        await restart();
        for (const victim of without(devices, member))
          ensureRefused(await room.vote(member, made, without(devices, victim)), 'already_voted');
      }
      const again = must(await room.vote(member, made, devices));
      ensure(again.signature === first.signature, 'asked for the same U again, it did not send the same vote');
      ensure(count(member, 'vote') === 2, 'it sent a vote too many');
      member.vault.close();
    },
  },
  {
    promise: 'U and then U minus the victim: a member that opened U opens nothing else, also after it restarted',
    async run(open) {
      const room = await createRoom();
      const member = await deviceIn(room, open, 'opens');
      const { devices, made, uploads } = await checkedRound(room, 4, [member]);
      const votes = [];
      for (const device of devices) votes.push(must(await room.vote(device, made, devices)));
      const opening = must(await room.open(member, made, votes[0]!.contributors, votes));
      // The others, after a restored backup say, do vote a second time.
      const others = without(devices, member);
      const seconds = await Promise.all(others.map((device) => voteOf(device, made, uploads.slice(0, 3))));
      for (const restart of [async () => {}, member.reopen]) {
        await restart();
        ensureRefused(await room.open(member, made, seconds[0]!.contributors, seconds), 'not_voted');
        const again = must(await room.open(member, made, votes[0]!.contributors, votes));
        ensure(String(again.bytes) === String(opening.bytes), 'asked for U again, it did not send the same opening');
      }
      member.vault.close();
    },
  },
  {
    promise:
      'three overlapping U’s: shown to the members in any order, at most one of them is opened, also after restarts',
    async run(open) {
      const room = await createRoom();
      const members = await Promise.all(['a', 'b', 'c', 'd'].map((name) => deviceIn(room, open, `overlap-${name}`)));
      const { devices, made } = await checkedRound(room, 4, members);
      const lists = [0, 1, 2].map((left) => without(devices, devices[left]!));
      const votes: Exclude<Awaited<ReturnType<Room['vote']>>, Rejection>[] = [];
      for (const round of [0, 1]) {
        for (const [i, member] of devices.entries()) {
          for (const j of [0, 1, 2]) {
            const vote = await room.vote(member, made, lists[(i + j + round) % 3]!);
            if (!isRejection(vote) && !votes.some(({ signature }) => signature === vote.signature)) votes.push(vote);
          }
          await member.reopen();
        }
      }
      ensure(votes.length === devices.length, `${devices.length} members cast ${votes.length} different votes`);
      const opened = new Set<string>();
      for (const member of devices)
        for (const { contributors } of votes) {
          const cast = votes.filter((vote) => vote.contributors === contributors);
          const answer = await room.open(member, made, contributors, cast);
          if (isRejection(answer)) ensureRefused(answer, 'not_voted', 'too_few_votes');
          else opened.add(contributors);
        }
      ensure(opened.size <= 1, `${opened.size} overlapping sums were opened`);
      for (const member of members) member.vault.close();
    },
  },
  {
    promise: 'two plans for one key: a member answers for the first one it checked only, also after it restarted',
    async run(open) {
      const room = await createRoom();
      const member = await deviceIn(room, open, 'plans');
      const { devices, made, uploads } = await checkedRound(room, 3, [member]);
      const second = await room.publish({ ...made.plan, minimumCohort: 4 });
      for (const restart of [async () => {}, member.reopen]) {
        await restart();
        ensureRefused(await room.check(member, second, uploads), 'already_checked');
        ensureRefused(await room.vote(member, second, devices), 'not_checked');
      }
      ensure(count(member, 'answer') === 1, 'it answered the check twice');
      member.vault.close();
    },
  },
  {
    promise: 'two plans for one round: a contributor seals for the first one only, also after it restarted',
    async run(open) {
      const room = await createRoom();
      const contributor = await deviceIn(room, open, 'contributes');
      const { made, uploads } = await checkedRound(room, 3, [contributor]);
      const second = await room.publish({ ...made.plan, minimumCohort: 4 });
      for (const restart of [async () => {}, contributor.reopen]) {
        await restart();
        ensureRefused(await contributor.contributing.asked(second.hash), 'old_round');
      }
      const again = must(await room.contribute(contributor, made.hash));
      ensure(String(again.bytes) === String(uploads[0]!.bytes), 'a retry did not send the identical bytes');
      ensure(contributor.done.filter((work) => work === 'seal').length === 1, 'it sealed twice for one round');
      contributor.vault.close();
    },
  },
  {
    promise:
      'a coordinator restored from an old backup, at a round that was opened already, gets no second answer of it',
    async run(open) {
      const room = await createRoom();
      const member = await deviceIn(room, open, 'backup');
      const { devices, made } = await checkedRound(room, 3, [member]);
      const votes = [];
      for (const device of devices) votes.push(must(await room.vote(device, made, devices)));
      must(await room.open(member, made, votes[0]!.contributors, votes));
      const [given] = await member.vault.list('members', '');
      // The old copy knows nothing of the round: it asks for keys, makes another plan, and has newcomers contribute to it.
      await member.reopen();
      const fresh = await Promise.all([1, 2, 3].map(() => room.device()));
      const members = [member, ...fresh.slice(0, 2)];
      const again = await room.plan(members, (plan) => ({ ...plan, minimumCohort: 3, previous: 'ab'.repeat(32) }));
      const uploads = await room.contributeAll(fresh, again);
      ensureRefused(await room.check(member, again, uploads), 'already_checked');
      ensureRefused(await room.vote(member, again, fresh), 'not_checked');
      ensureRefused(await member.contributing.asked(again.hash), 'old_round');
      const [kept] = await member.vault.list('members', '');
      ensure(JSON.stringify(kept) === JSON.stringify(given), 'its record of the round changed');
      ensure((await member.vault.list('one-time-keys', '')).length === 0, 'it made another key for the same round');
      member.vault.close();
    },
  },
  {
    promise:
      'the round memory only grows: below the round a device contributed to it is done contributing, in every group, also after it restarted',
    async run(open) {
      const room = await createRoom();
      const device = await deviceIn(room, open, 'grows');
      const others = await Promise.all([1, 2, 3].map(() => room.device()));
      for (const round of [3, 5]) {
        const made = await room.plan(others, (plan) => plan, round);
        must(await room.contribute(device, made.hash));
      }
      for (const restart of [async () => {}, device.reopen]) {
        await restart();
        for (const round of [1, 3, 4, 5])
          for (const group of [0, 1, 0xffff_ffff]) {
            const made = await room.plan(others, (plan) => ({ ...plan, minimumCohort: 4 }), round, group);
            ensureRefused(await device.contributing.asked(made.hash), 'old_round');
          }
      }
      const next = await room.plan(others, (plan) => plan, 6, 0xffff_ffff);
      must(await room.contribute(device, next.hash));
      device.vault.close();
    },
  },
  {
    promise:
      'records as contributor and as member are separate: an older round than it contributed to is still served as a member',
    async run(open) {
      const room = await createRoom();
      const both = await deviceIn(room, open, 'both');
      const others = await Promise.all([1, 2, 3].map(() => room.device()));
      const later = await room.plan(others, (plan) => plan, 7);
      must(await room.contribute(both, later.hash));
      await both.reopen();
      const members = [both, ...others.slice(0, 2)];
      const older = await room.plan(members, (plan) => plan, 6);
      const uploads = await room.contributeAll(others, older);
      for (const member of members) must(await room.check(member, older, uploads));
      must(await room.vote(both, older, others));
      ensureRefused(await both.contributing.asked(older.hash), 'old_round');
      both.vault.close();
    },
  },
];
