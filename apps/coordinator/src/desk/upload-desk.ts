import { refusedAsLate } from '@sotto/fl-core/round/coordinator';
import { checkCertificate } from '@sotto/protocol/certificate';
import { DONE, PART_BYTES, type RequestOf } from '@sotto/protocol/messages';
import { coefficientsOf } from '@sotto/protocol/plan';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { listedUpdate, type UpdateRecord, verifyUpdateRecord } from '@sotto/protocol/update-record';
import { deviceFolder, uploadBlob, uploadLayout } from '../aggregation/upload-layout.ts';
import type { Promised } from '../blobs/disk-room.ts';
import type { RoundHost } from '../rounds/round-host.ts';
import type { Answered, DeskPorts } from './ports.ts';
import type { Presence } from './sessions.ts';
import { SHUT_OUT } from './standing.ts';
import { createUploadSlots } from './upload-slots.ts';

interface Upload {
  readonly record: UpdateRecord;
  readonly digest: string;
  readonly blob: string;
  readonly total: number;
  /** Bytes that lie on disk, as far as is known here: for reckoning with room only. */
  received: number;
}

/**
 * Takes updates: the signed record first, then the bytes in parts, then the word that all are there. How much has come is what lies on
 * disk, so an upload goes on after any interruption. An update counts whole or not at all.
 */
export function createUploadDesk({ runs, store, blobs, room, engine, studyKey: studyKeyNow, clock }: DeskPorts) {
  /** By plan, then by device: a device may be in rounds of several tasks, but has one upload in each. */
  const uploads = new Map<string, Map<string, Upload>>();
  const slots = createUploadSlots(clock.now);
  runs.onRound(() => {
    for (const planHash of uploads.keys()) if (!runs.roundOf(planHash)) uploads.delete(planHash);
  });

  function roundFor(planHash: string): RoundHost | Rejection {
    return runs.roundOf(planHash) ?? reject('round_over', 'This round is over, or was never planned here.');
  }

  function openUpload(who: Presence, planHash: string): Upload | Rejection {
    return (
      uploads.get(planHash)?.get(who.device) ??
      reject('upload_incomplete', 'No upload for this plan is open. Send “upload” first.')
    );
  }

  function promised(): Promised {
    const all = [...uploads.values()].flatMap((ofPlan) => [...ofPlan.values()]);
    const bytes = all.reduce((sum, { total }) => sum + total, 0);
    return {
      bytes,
      missing: all.reduce((missing, { received }) => missing - received, bytes),
      blobs: new Set(all.map(({ blob }) => blob)),
    };
  }

  async function upload(who: Presence, request: RequestOf<'upload'>): Promise<Answered<'upload'> | Rejection> {
    const { planHash, record } = request;
    const round = roundFor(planHash);
    if (isRejection(round)) return round;
    const plan = round.plan();
    const state = round.state();
    if (!plan || !('updates' in state)) return reject('wrong_phase', 'The round does not take updates yet.');
    if (record.key !== who.key) return reject('not_yours', 'The record is of another device than this one.');
    const { digest } = listedUpdate(planHash, record);
    const layout = uploadLayout(plan);
    const known = state.updates[who.device];
    if (known !== undefined && known !== digest)
      return reject(
        'different_update',
        'This device already sent another update for this round; only the first counts.',
      );
    if (!state.setup.cohort.includes(who.device))
      return reject('not_asked', 'This device was not asked to contribute to this round.');
    if (state.withdrawn.includes(who.device))
      return reject('withdrawn', 'This device took its update of this round back; it can contribute to the next.');
    const late = known === undefined && refusedAsLate(state);
    if (late) return late;
    if (request.bytes !== layout.total || record.boxes.length !== layout.boxes)
      return reject(
        'wrong_length',
        `An update of this plan has ${layout.total} bytes and ${layout.boxes} boxes, not ${request.bytes} and ${record.boxes.length}.`,
      );
    if (!(await verifyUpdateRecord(planHash, record)))
      return reject('bad_signature', "The update's record is not signed by this device.");
    const studyKey = studyKeyNow();
    const { admission } = round.context.config;
    if (admission === 'certified' && (record.certificate === null || studyKey === null))
      return reject(
        'certificate_missing',
        'This run takes updates of certified devices only. Ask whoever runs the study for a certificate.',
      );
    if (record.certificate && studyKey !== null) {
      const { task, key } = who;
      const expected = { studyKey, key, task, role: 'device' as const, now: clock.now() };
      const refused = await checkCertificate(record.certificate, expected);
      if (refused) return refused;
    }
    const blob = uploadBlob(planHash, who.device, digest);
    // Sealed anew under a new key: what came of the old one, be it before a restart, is of no use.
    for (const other of await blobs.list(deviceFolder(planHash, who.device)))
      if (other !== blob) await blobs.remove(other);
    const received = Math.min(layout.total, (await blobs.size(blob)) ?? 0);
    const ofPlan = uploads.get(planHash) ?? new Map<string, Upload>();
    const isNew = ofPlan.get(who.device)?.digest !== digest;
    // Promised before it is asked whether there is room, so that two who ask at once do not both get the last of it.
    uploads.set(planHash, ofPlan.set(who.device, { record, digest, blob, total: layout.total, received }));
    let letIn = !isNew || received === layout.total;
    try {
      const full = letIn ? undefined : await room(promised());
      if (full) return full;
      letIn = true;
    } finally {
      if (!letIn) ofPlan.delete(who.device);
    }
    // A device has one place in a round, however many records it signs.
    const retryAfterMs = received < layout.total ? slots.take(deviceFolder(planHash, who.device)) : 0;
    if (retryAfterMs > 0)
      return { ...reject('too_busy', 'Many devices are sending at once. Ask again when told to.'), retryAfterMs };
    return { reply: { received } };
  }

  async function part(
    who: Presence,
    { planHash, offset }: RequestOf<'part'>,
    bytes: Uint8Array,
  ): Promise<Answered<'part'> | Rejection> {
    const open = openUpload(who, planHash);
    if (isRejection(open)) return open;
    const round = roundFor(planHash);
    if (isRejection(round)) return round;
    const late = refusedAsLate(round.state());
    if (late) return late;
    // Each part costs a write to disk that is waited for, so there may not be many small ones.
    const length = Math.min(PART_BYTES, open.total - offset);
    if (length <= 0 || bytes.length !== length)
      return reject(
        'wrong_length',
        `A part has ${PART_BYTES} bytes, or fewer where it ends the ${open.total} of the upload, not ${bytes.length} at ${offset}.`,
      );
    const received = (await blobs.size(open.blob)) ?? 0;
    if (offset > received)
      return reject('part_out_of_order', `${received} bytes are here; the next part begins there, not at ${offset}.`);
    if (offset + bytes.length <= received) return { reply: { received } };
    open.received = await blobs.append(open.blob, bytes.subarray(received - offset));
    return { reply: { received: open.received } };
  }

  async function commit(who: Presence, { planHash }: RequestOf<'commit'>): Promise<Answered<'commit'> | Rejection> {
    const round = roundFor(planHash);
    if (isRejection(round)) return round;
    const open = openUpload(who, planHash);
    if (isRejection(open)) return open;
    const state = round.state();
    if ('updates' in state && state.updates[who.device] === open.digest) return { reply: DONE };
    const late = refusedAsLate(state);
    if (late) return late;
    const received = (await blobs.size(open.blob)) ?? 0;
    if (received !== open.total)
      return reject('upload_incomplete', `${received} of ${open.total} bytes are here. Send the rest.`);
    const { encoding } = round.plan()!;
    const refused = await engine
      .verify({
        blob: open.blob,
        record: open.record,
        profile: encoding.profile,
        coefficients: coefficientsOf(encoding),
      })
      .catch((error: unknown) => {
        // Of a round that was given up meanwhile the bytes are gone.
        const over = roundFor(planHash);
        if (isRejection(over)) return over;
        throw error;
      });
    slots.release(deviceFolder(planHash, who.device));
    if (refused) {
      await blobs.remove(open.blob);
      open.received = 0;
      return refused;
    }
    const { device } = who;
    // It may have been shut out while its residues were being checked, and be the one that the round was waiting for.
    if ((await store.verdictOn(who.task, device)) === 'revoked') return SHUT_OUT;
    return (await round.apply({ type: 'update', device, digest: open.digest, record: open.record })) ?? { reply: DONE };
  }

  /** The round forgets the update first, then the disk does: what is left behind by a crash goes with the round. */
  async function withdraw(
    who: Pick<Presence, 'device'>,
    { planHash }: RequestOf<'withdraw'>,
  ): Promise<Answered<'withdraw'> | Rejection> {
    const round = roundFor(planHash);
    if (isRejection(round)) return round;
    const refused = await round.apply({ type: 'withdrawn', device: who.device });
    if (refused) return refused;
    uploads.get(planHash)?.delete(who.device);
    for (const blob of await blobs.list(deviceFolder(planHash, who.device))) await blobs.remove(blob);
    return { reply: DONE };
  }

  return { upload, part, commit, withdraw };
}
