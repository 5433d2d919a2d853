import { BOX_BYTES } from '@sotto/he-core/params';
import { type Certificate, certificateString, issueCertificate } from '@sotto/protocol/certificate';
import { deviceIdOf } from '@sotto/protocol/ids';
import { OPEN_PINS, type Pins } from '@sotto/protocol/invite';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Candidates, fetchCandidates } from '../src/candidates.ts';
import type { Transport } from '../src/transport.ts';
import { box, createRoom, hashOf, inOrder, type Made, must, NOW, type Room, TASK, type Upload } from './room.ts';

/** What a member takes for a candidate, shown page by page by a coordinator that may show anything. */

let room: Room;
let made: Made;
let uploads: Upload[];
beforeAll(async () => {
  room = await createRoom({ vouched: true, pins: { admission: 'certified' } });
  const members = await Promise.all([1, 2, 3].map(() => room.device()));
  made = await room.plan(members);
  const people = await Promise.all([1, 2, 3].map(() => room.device({ certified: ['device'] })));
  const sent = [];
  for (const person of people) sent.push(must(await room.contribute(person, made.hash)));
  uploads = inOrder(sent);
});

interface Page {
  readonly uploads: readonly Upload[];
  readonly total: number;
  /** More bytes than its boxes have, or fewer. */
  readonly excess?: number;
}

/** Member 1's view. `from`: where it asked pages to begin; asked for more pages than there are, the coordinator says so. */
async function view(
  pages: readonly Page[],
  pins: Partial<Pins> = {},
): Promise<{ readonly candidates: Candidates | Rejection; readonly from: number[] }> {
  const from: number[] = [];
  const transport = {
    async request(_: 'candidates', payload: { from: number }) {
      const page = pages[from.push(payload.from) - 1];
      if (!page) return reject('no_more', '');
      const boxes = page.uploads.flatMap((upload) => [...box(upload, 1)]);
      const bytes = new Uint8Array(page.uploads.length * BOX_BYTES + (page.excess ?? 0));
      bytes.set(boxes.slice(0, bytes.length));
      return { reply: { records: page.uploads.map(({ record }) => record), total: page.total }, bytes };
    },
  } as unknown as Transport;
  const all = { ...OPEN_PINS, admission: 'certified', studyKey: room.study.publicKey, ...pins } as const;
  return { candidates: await fetchCandidates(transport, made.plan, made.hash, 1, all, NOW), from };
}

describe('pages', () => {
  it.each([1, 2, 3])('of %i make one list', async (size) => {
    const starts = uploads.map((_, i) => i).filter((i) => i % size === 0);
    const { candidates, from } = await view(
      starts.map((i) => ({ uploads: uploads.slice(i, i + size), total: uploads.length })),
    );
    const { hash, boxes } = must(candidates);
    expect(hash).toBe(hashOf(made.hash, uploads));
    expect(boxes.every((one) => one !== null)).toBe(true);
    expect(from).toEqual(starts);
  });

  it.each<[string, (all: Upload[]) => Page[]]>([
    [
      'nothing where there is more to come',
      (all) => [
        { uploads: all.slice(0, 2), total: 3 },
        { uploads: [], total: 3 },
      ],
    ],
    ['nothing at all', () => [{ uploads: [], total: 3 }]],
    ['more records than there are', (all) => [{ uploads: all, total: 2 }]],
    [
      'more records than are left',
      (all) => [
        { uploads: all.slice(0, 2), total: 3 },
        { uploads: all.slice(1), total: 3 },
      ],
    ],
    ['a byte too few', (all) => [{ uploads: all, total: 3, excess: -1 }]],
    ['a byte too many', (all) => [{ uploads: all, total: 3, excess: 1 }]],
    ['more candidates than the plan has room for', (all) => [{ uploads: all, total: made.plan.encoding.nMax + 1 }]],
    [
      'ever more candidates',
      (all) => [
        { uploads: all.slice(0, 1), total: 3 },
        { uploads: all.slice(1), total: made.plan.encoding.nMax + 1 },
      ],
    ],
  ])('that bring %s are refused, and no more are asked for', async (_, pages) => {
    const { candidates, from } = await view(pages(uploads));
    expect(candidates).toMatchObject({ rejected: 'bad_candidates' });
    expect(from).toHaveLength(pages(uploads).length);
  });

  it('of as many candidates as the plan has room for are asked for to the end', async () => {
    const { candidates } = await view([{ uploads, total: made.plan.encoding.nMax }]);
    expect(candidates).toMatchObject({ rejected: 'no_more' });
  });
});

describe('where admission is by certificate,', () => {
  type About = Omit<Certificate, 'signature'>;

  /** The candidates, the first with another certificate: those that are taken for devices of the study. */
  async function admitted(certificate: Certificate | null, pins: Partial<Pins> = {}): Promise<number[]> {
    const [{ record, bytes }, ...others] = uploads as [Upload, ...Upload[]];
    const shown = [{ record: { ...record, certificate }, bytes }, ...others];
    const { boxes } = must((await view([{ uploads: shown, total: shown.length }], pins)).candidates);
    return boxes.flatMap((one, i) => (one ? [i] : []));
  }

  const about = (): About => {
    const { key } = uploads[0]!.record;
    return { id: deviceIdOf(key), key, task: TASK, role: 'device', expiry: NOW + 1000 };
  };
  const issue = async (body: About): Promise<Certificate> => ({
    ...body,
    signature: await room.study.sign(certificateString(body)),
  });

  it('a candidate with one of the study for this device, as a device, in this task, now, is one', async () => {
    expect(await admitted(await issue(about()))).toEqual([0, 1, 2]);
  });

  it.each<[string, (other: string) => Partial<About>]>([
    ['another device’s id', (other) => ({ id: deviceIdOf(other) })],
    ['another device’s key', (other) => ({ key: other })],
    ['another device', (other) => ({ id: deviceIdOf(other), key: other })],
    ['a member of the committee', () => ({ role: 'member' })],
    ['another task', () => ({ task: 'other' })],
    ['a time that is over', () => ({ expiry: NOW })],
    ['more than a week', () => ({ expiry: NOW + 8 * 24 * 3600_000 })],
  ])('one with a certificate for %s is none, and the others are', async (_, change) => {
    const certificate = await issue({ ...about(), ...change(uploads[1]!.record.key) });
    expect(await admitted(certificate)).toEqual([1, 2]);
  });

  it('one with a certificate of another study, or with none, is none', async () => {
    const { study } = await createRoom();
    const foreign = await issueCertificate(study, about());
    for (const certificate of [foreign, null]) expect(await admitted(certificate)).toEqual([1, 2]);
  });

  it('nobody is one for a member that knows no study key, and everybody where anybody may come', async () => {
    const good = await issue(about());
    expect(await admitted(good, { studyKey: null })).toEqual([]);
    expect(await admitted(null, { admission: 'open' })).toEqual([0, 1, 2]);
  });
});
