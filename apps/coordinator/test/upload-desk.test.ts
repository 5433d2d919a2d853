import { toHex } from '@sotto/protocol/bytes';
import { type Certificate, issueCertificate, type Role } from '@sotto/protocol/certificate';
import { deviceIdOf } from '@sotto/protocol/ids';
import { PART_BYTES } from '@sotto/protocol/messages';
import type { Plan } from '@sotto/protocol/plan';
import { isRejection, reject } from '@sotto/protocol/rejection';
import { signerOf } from '@sotto/protocol/signature';
import { updateString } from '@sotto/protocol/update-record';
import { describe, expect, it, vi } from 'vitest';
import { uploadLayout } from '../src/aggregation/upload-layout.ts';
import { createDiskRoom, type DiskRoom } from '../src/blobs/disk-room.ts';
import { createFileBlobs } from '../src/blobs/files.ts';
import type { DeskPorts } from '../src/desk/ports.ts';
import { createUploadDesk } from '../src/desk/upload-desk.ts';
import { Unavailable } from '../src/unavailable.ts';
import { newFolder } from './hall.ts';
import { createMockClock } from './mock-clock.ts';

const PLANS = ['a', 'b'].map((digit) => digit.repeat(64));
const MEMBERS = 3;
const PLAN = {
  encoding: { profile: 'n47', lanes: 2, ranges: [{ size: 100_000 }], metadata: [] },
  committee: { members: Array(MEMBERS).fill({}) },
} as unknown as Plan;

async function newSigner() {
  const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
  return signerOf(pair.privateKey, toHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))));
}

/** A desk in front of two rounds of different tasks, one device in the cohort of both. */
async function openDesk({
  admission = 'open',
  studyKey = null as string | null,
  room = (async () => undefined) as DiskRoom,
} = {}) {
  const signer = await newSigner();
  const device = deviceIdOf(signer.publicKey);
  const round = {
    plan: () => PLAN,
    state: () => ({ phase: 'collecting', updates: {}, withdrawn: [], setup: { cohort: [device] } }),
    context: { config: { admission } },
  };
  const live = new Set(PLANS);
  const endings = new Set<() => void>();
  const blobs = createFileBlobs(newFolder());
  const desk = createUploadDesk({
    runs: {
      roundOf: (planHash: string) => (live.has(planHash) ? round : undefined),
      onRound: (listener: () => void) => endings.add(listener),
    },
    blobs,
    room,
    studyKey: () => studyKey,
    clock: createMockClock(),
  } as unknown as DeskPorts);
  const who = {
    device,
    key: signer.publicKey,
    task: 't',
    contributes: true,
    certificates: [],
    since: 0,
    standing: 'admitted' as const,
    attended: 0,
    about: null,
    network: null,
  };
  const total = uploadLayout(PLAN).total;
  return {
    key: signer.publicKey,
    blobs,
    total,
    async upload(planHash: string, version = 0, certificate: Certificate | null = null) {
      const ciphertext = version.toString(16).padStart(64, '0');
      const unsigned = { key: signer.publicKey, ciphertext, boxes: Array<string>(MEMBERS).fill('0'.repeat(64)) };
      const signature = await signer.sign(updateString(planHash, unsigned));
      return desk.upload(who, { planHash, record: { ...unsigned, certificate, signature }, bytes: total });
    },
    part: (planHash: string, offset: number, length: number) =>
      desk.part(who, { planHash, offset }, new Uint8Array(length)),
    end(planHash: string) {
      live.delete(planHash);
      for (const ended of endings) ended();
    },
    begin: (planHash: string) => live.add(planHash),
  };
}

describe('the upload desk', () => {
  it('takes the updates of a device in two rounds side by side', async () => {
    const { upload, part, total } = await openDesk();
    for (const plan of PLANS) expect(await upload(plan)).toEqual({ reply: { received: 0 } });
    for (const plan of PLANS) {
      expect(await part(plan, 0, PART_BYTES)).toEqual({ reply: { received: PART_BYTES } });
      expect(await part(plan, PART_BYTES, total - PART_BYTES)).toEqual({ reply: { received: total } });
    }
  });

  it('keeps one blob a device and round, however often it begins anew and wherever else it uploads', async () => {
    const { upload, part, blobs } = await openDesk();
    const [a, b] = PLANS as [string, string];
    for (let version = 0; version < 5; version++) {
      await upload(a, version);
      await part(a, 0, PART_BYTES);
      await upload(b);
    }
    expect(await blobs.list(`uploads/${a}`)).toHaveLength(1);
  });

  it('takes a short part as the last one only', async () => {
    const { upload, part, blobs, total } = await openDesk();
    const [plan] = PLANS as [string];
    await upload(plan);
    for (const [offset, length] of [
      [0, 1],
      [0, PART_BYTES - 1],
      [0, PART_BYTES + 1],
      [total, 0],
      [total + 1, 0],
    ] as const) {
      const refused = await part(plan, offset, length);
      expect(isRejection(refused) && refused.rejected, `${length} at ${offset}`).toBe('wrong_length');
    }
    expect(await blobs.list(`uploads/${plan}`)).toEqual([]);
    await part(plan, 0, PART_BYTES);
    expect(await part(plan, PART_BYTES, total - PART_BYTES)).toEqual({ reply: { received: total } });
  });

  it('takes certified devices only, where admission is certified', async () => {
    const study = await newSigner();
    const { upload, key } = await openDesk({ admission: 'certified', studyKey: study.publicKey });
    const [plan] = PLANS as [string];
    const now = createMockClock().now();
    const issue = (role: Role, expiry: number, by = study) => issueCertificate(by, { key, task: 't', role, expiry });
    const codeOf = async (certificate: Certificate | null) => {
      const answered = await upload(plan, 0, certificate);
      return isRejection(answered) ? answered.rejected : 'accepted';
    };
    expect(await codeOf(null)).toBe('certificate_missing');
    expect(await codeOf(await issue('member', now + 1000))).toBe('certificate_mismatch');
    expect(await codeOf(await issue('device', now))).toBe('certificate_expired');
    expect(await codeOf(await issue('device', now + 1000, await newSigner()))).toBe('certificate_forged');
    expect(await codeOf(await issue('device', now + 1000))).toBe('accepted');
    const keyless = await openDesk({ admission: 'certified' });
    const refused = await keyless.upload(plan, 0, await issue('device', now + 1000));
    expect(isRejection(refused) && refused.rejected).toBe('certificate_missing');
  });

  it('lets in no update there is no room for, says when to ask again, and ends what it let in', async () => {
    const folder = createFileBlobs(newFolder());
    const { total } = await openDesk();
    const disk = async () => ({ free: 1e12, size: 1e12 });
    const room = createDiskRoom({ blobs: folder, disk, quota: 1.5 * total, now: () => 0 });
    const { upload, part } = await openDesk({ room });
    const [a, b] = PLANS as [string, string];
    expect(await upload(a)).toEqual({ reply: { received: 0 } });
    expect(await upload(b)).toMatchObject({ rejected: 'disk_full', retryAfterMs: 30_000 });
    expect(await upload(a)).toEqual({ reply: { received: 0 } });
    await part(a, 0, PART_BYTES);
    expect(await part(a, PART_BYTES, total - PART_BYTES)).toEqual({ reply: { received: total } });
    expect(await part(b, 0, PART_BYTES)).toMatchObject({ rejected: 'upload_incomplete' });
  });

  it('asks again whether there is room when it could not be found out', async () => {
    const fault = new Unavailable('the folder is gone');
    const room = vi.fn<DiskRoom>().mockRejectedValueOnce(fault).mockResolvedValue(reject('disk_full', 'full'));
    const { upload } = await openDesk({ room });
    const [plan] = PLANS as [string];
    await expect(upload(plan)).rejects.toBe(fault);
    expect(await upload(plan)).toMatchObject({ rejected: 'disk_full' });
  });

  it('gives a device one place among those that send, however many updates it signs', async () => {
    const { upload } = await openDesk();
    const [a, b] = PLANS as [string, string];
    for (let version = 0; version < 100; version++)
      expect(await upload(a, version)).toEqual({ reply: { received: 0 } });
    expect(await upload(b)).toEqual({ reply: { received: 0 } });
  });

  it('forgets what was under way when the round is over', async () => {
    const { upload, part, end, begin } = await openDesk();
    const [a, b] = PLANS as [string, string];
    for (const plan of [a, b]) await upload(plan);
    end(a);
    begin(a);
    const forgotten = await part(a, 0, PART_BYTES);
    expect(isRejection(forgotten) && forgotten.rejected).toBe('upload_incomplete');
    expect(await part(b, 0, PART_BYTES)).toEqual({ reply: { received: PART_BYTES } });
  });
});
