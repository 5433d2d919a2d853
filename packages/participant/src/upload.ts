import { PART_BYTES, PART_WINDOW } from '@sotto/protocol/messages';
import { isRejection, type Rejection } from '@sotto/protocol/rejection';
import type { SealedUpdate } from './sealing/update.ts';
import type { Transport } from './transport.ts';

const ATTEMPTS = 6;
/** The coordinator is busy, lost parts, or found the bytes damaged: what it has is asked for again, and sending goes on from there. */
const PASSING = ['too_busy', 'part_out_of_order', 'upload_incomplete', 'upload_damaged'];

/**
 * Sends an update in parts, a few at a time, from wherever the coordinator's disk says it stopped.
 * @returns undefined once the update counts, or why it does not.
 */
export async function sendUpload(
  transport: Pick<Transport, 'request'>,
  { planHash, record, bytes }: SealedUpdate & { readonly planHash: string },
  sleep: (ms: number) => Promise<void>,
  onProgress: (sent: number, total: number) => void,
): Promise<Rejection | undefined> {
  for (let attempt = 1; ; attempt++) {
    const refused = await sendOnce();
    if (!refused || !PASSING.includes(refused.rejected) || attempt === ATTEMPTS) return refused;
    await sleep(refused.retryAfterMs ?? 250 * 2 ** attempt);
  }

  async function sendOnce(): Promise<Rejection | undefined> {
    const opened = await transport.request('upload', { planHash, record, bytes: bytes.length });
    if (isRejection(opened)) return opened;
    const refused = await sendParts(opened.reply.received);
    if (refused) return refused;
    const committed = await transport.request('commit', { planHash });
    return isRejection(committed) ? committed : undefined;
  }

  async function sendParts(from: number): Promise<Rejection | undefined> {
    onProgress(from, bytes.length);
    let next = from;
    let refused: Rejection | undefined;
    const sendNext = async (): Promise<void> => {
      while (next < bytes.length && !refused) {
        const offset = next;
        next = Math.min(bytes.length, offset + PART_BYTES);
        const answer = await transport.request('part', { planHash, offset }, bytes.subarray(offset, next));
        if (isRejection(answer)) refused ??= answer;
        else onProgress(answer.reply.received, bytes.length);
      }
    };
    await Promise.all(Array.from({ length: PART_WINDOW }, sendNext));
    return refused;
  }
}
