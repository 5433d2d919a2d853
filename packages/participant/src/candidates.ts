import { BOX_BYTES } from '@sotto/he-core/params';
import type { Candidate } from '@sotto/he-core/worker/service';
import { fromHex } from '@sotto/protocol/bytes';
import { checkCertificate } from '@sotto/protocol/certificate';
import { sha256Hex } from '@sotto/protocol/digest';
import type { Pins } from '@sotto/protocol/invite';
import type { Plan } from '@sotto/protocol/plan';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import {
  type ListedUpdate,
  listedUpdate,
  listHash,
  type UpdateRecord,
  verifyUpdateRecord,
} from '@sotto/protocol/update-record';
import type { Transport } from './transport.ts';

export interface Candidates {
  readonly hash: string;
  /** Ascending by device. */
  readonly listed: readonly ListedUpdate[];
  /** The boxes for this member; null where the record, its certificate or the box's digest is wrong. */
  readonly boxes: readonly (Candidate | null)[];
}

/**
 * The frozen candidates with this member's boxes, page by page, everything verified against the signed records.
 * One contributor's faulty record costs that contributor; a list that is not a list of candidates is refused whole.
 */
export async function fetchCandidates(
  transport: Transport,
  plan: Plan,
  hash: string,
  x: number,
  pins: Pins,
  now: number,
): Promise<Candidates | Rejection> {
  const listed: ListedUpdate[] = [];
  const boxes: (Candidate | null)[] = [];
  for (let total = 1; listed.length < total; ) {
    const page = await transport.request('candidates', { planHash: hash, from: listed.length });
    if (isRejection(page)) return page;
    const { records } = page.reply;
    total = page.reply.total;
    if (total > plan.encoding.nMax)
      return reject('bad_candidates', `${total} candidates are more than the plan has room for.`);
    if (
      records.length === 0 ||
      listed.length + records.length > total ||
      page.bytes.length !== records.length * BOX_BYTES
    )
      return reject('bad_candidates', 'The page of candidates is not of the size it says.');
    for (const [i, record] of records.entries()) {
      const update = listedUpdate(hash, record);
      if (listed.length > 0 && update.device <= listed.at(-1)!.device)
        return reject('bad_candidates', 'The candidates are not in ascending order, each once.');
      listed.push(update);
      const box = page.bytes.slice(i * BOX_BYTES, (i + 1) * BOX_BYTES);
      const sound =
        record.boxes.length === plan.committee.members.length &&
        record.boxes[x - 1] === sha256Hex(box) &&
        (await admitted(record, plan.task, pins, now)) &&
        (await verifyUpdateRecord(hash, record));
      boxes.push(sound ? { deviceId: fromHex(update.device), ciphertextHash: fromHex(record.ciphertext), box } : null);
    }
  }
  return { hash: listHash(listed), listed, boxes };
}

async function admitted(record: UpdateRecord, task: string, pins: Pins, now: number): Promise<boolean> {
  if (pins.admission === 'open') return true;
  if (pins.studyKey === null || !record.certificate) return false;
  const refused = await checkCertificate(record.certificate, {
    studyKey: pins.studyKey,
    key: record.key,
    task,
    role: 'device',
    now,
  });
  return refused === undefined;
}
