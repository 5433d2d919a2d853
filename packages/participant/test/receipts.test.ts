import { OPEN_PINS } from '@sotto/protocol/invite';
import { planHash } from '@sotto/protocol/plan';
import { reject } from '@sotto/protocol/rejection';
import type { OpenedPart } from '@sotto/protocol/transcript';
import { beforeEach, describe, expect, it } from 'vitest';
import { createReceipts } from '../src/receipts.ts';
import { publishGroups, publishRound, publishTranscript } from './published.ts';
import { createRoom, type Device, must } from './room.ts';

let room: Awaited<ReturnType<typeof createRoom>>;
let devices: Device[];
beforeEach(async () => {
  room = await createRoom();
  devices = await Promise.all([0.1, 0.2, 0.3].map((delta) => room.device({ delta })));
});

/** A new session of the device each time: what it knows of the run is in its vault. */
function receipt(transcript: string, round = 1, { vault, identity } = devices[0]!) {
  const fetch = async (path: string) => room.documents.get(path)?.slice() ?? reject('not_found', path);
  const { receiptOf } = createReceipts({ transport: { fetch }, vault, device: identity.device, pins: OPEN_PINS });
  const { coordinator, task, run } = room.roundKey();
  return receiptOf({ coordinator, task, run, round, transcript });
}
const problemsOf = async (...args: Parameters<typeof receipt>) => {
  const { included, problems } = must(await receipt(...args));
  if (problems.length > 0) expect(included).toBe(false);
  return problems.join(' ');
};

it('an honest chain of rounds gives receipts without problems, also for one that was away for a round', async () => {
  const first = await publishRound(room, devices);
  const second = await publishRound(room, devices, 2, first.hash);
  const third = await publishRound(room, devices, 3, second.hash);
  for (const { hash, round } of [
    { ...first, round: 1 },
    { ...third, round: 3 },
    { ...third, round: 3 },
  ])
    expect(await receipt(hash, round)).toEqual({
      round,
      transcript: hash,
      contributors: 3,
      included: true,
      part: 'included',
      problems: [],
    });
  const bystander = await room.device();
  expect(await receipt(first.hash, 1, bystander)).toMatchObject({ included: false, problems: [] });
});

it('the transcript of another round does not pass for that of the one that ended', async () => {
  const first = await publishRound(room, devices);
  await publishRound(room, devices, 2, first.hash);
  expect(await problemsOf(first.hash, 2)).toContain('of another round');
});

it('a transcript of another plan, or with another update of this device than it sent, is found out', async () => {
  const first = await publishRound(room, devices);
  const { vault } = devices[0]!;
  const [entry] = await vault.list('receipts', '');
  const sent = entry!.value as { planHash: string; ciphertext: string };
  const another = 'f'.repeat(64);
  const place = { table: 'receipts', key: entry!.key } as const;
  await vault.write([{ ...place, value: { ...sent, planHash: another } }]);
  expect(await problemsOf(first.hash)).toContain('another plan than the one this device took part in');
  await vault.write([{ ...place, value: { ...sent, ciphertext: another } }]);
  expect(await problemsOf(first.hash)).toContain('another update of this device than the one it sent');
  await vault.write([{ ...place, remove: true }]);
  expect(await problemsOf(first.hash)).toContain('no record of sending one');
});

it('two histories of one run are found out, also by a later session: another transcript of a round, or a chain past the known one', async () => {
  const first = await publishRound(room, devices);
  expect(await problemsOf(first.hash)).toBe('');
  const other = await publishTranscript(room, { ...first.body, model: 'f'.repeat(64) });
  expect(await problemsOf(other.hash)).toContain('published to this device with another transcript before');
  const fork = await publishRound(room, devices, 2, other.hash);
  expect(await problemsOf(fork.hash, 2)).toContain('does not lead back to that of round 1');
  const gap = await publishRound(room, devices, 3, null);
  expect(await problemsOf(gap.hash, 3)).toContain('does not lead back to that of round 1');
  const honest = await publishRound(room, devices, 4, first.hash);
  expect(await problemsOf(honest.hash, 4)).toBe('');
});

describe('in a round of groups', () => {
  const robust = { rule: 'median', trim: 0.2, gate: true, tolerance: 0.05 } as const;
  let all: Device[];
  let published: Awaited<ReturnType<typeof publishGroups>>;
  beforeEach(async () => {
    all = [...devices, ...(await Promise.all([0.1, 0.2, -5, -5, -5, -5].map((delta) => room.device({ delta }))))];
    const groups = [all.slice(0, 5), all.slice(5)];
    published = await publishGroups(room, groups, { rules: { robust }, bad: [2] });
  });

  it('a device finds its own group, how many are in its sum, and whether that counts', async () => {
    expect(must(await receipt(published.hash, 1, all[0]))).toMatchObject({
      contributors: 9,
      ofGroup: 5,
      included: true,
      part: 'included',
      problems: [],
    });
    expect(must(await receipt(published.hash, 1, all[8]))).toMatchObject({
      ofGroup: 4,
      included: false,
      part: 'left-out',
      problems: [],
    });
  });

  it('a device whose group came to no sum is told so; one whose group is not even named finds the record out', async () => {
    const [opened, lost] = published.body.parts as [OpenedPart, OpenedPart];
    const unopened = [{ group: 2, plan: planHash(lost.plan.plan), reason: 'too_few_openings' }];
    const without = { ...published.body, parts: [opened] };
    const told = await publishTranscript(room, { ...without, unopened });
    const { part, included, problems } = must(await receipt(told.hash, 1, all[8]));
    expect({ part, included, problems }).toEqual({ part: 'unopened', included: false, problems: [] });
    const hidden = await publishTranscript(room, { ...without, unopened: [] });
    expect(await problemsOf(hidden.hash, 1, all[8])).toContain('another plan than the one this device took part in');
  });
});
