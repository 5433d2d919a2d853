import { exposureOf } from '@sotto/fl-core/privacy/noise';
import type { ContributionRecord } from '@sotto/fl-core/round/contribution';
import { runKeyText } from '@sotto/protocol/ids';
import type { Plan } from '@sotto/protocol/plan';
import { invariant, type Rejection, reject } from '@sotto/protocol/rejection';
import { createQueue } from './queue.ts';
import { sentWrite, unsentWrite } from './receipts.ts';
import type { SealedUpdate } from './sealing/update.ts';
import type { Vault, Write } from './vault.ts';

/** The sealed updates that lie ready to be sent, each beside the record that it was made. */
export function createOutbox(vault: Vault) {
  /** What is thrown away cannot come back behind it. */
  const inOrder = createQueue();
  return {
    /** What is sent under a plan, nothing else. */
    sealedFor: async (planHash: string) => (await vault.get('outbox', planHash)) as SealedUpdate | undefined,
    /**
     * Keeps the record, with the sealed bytes at first; only over the one `before`, which is all that this session knows of, so that a second
     * one cannot contribute twice.
     */
    async keep(
      plan: Plan,
      record: ContributionRecord,
      before: ContributionRecord | null,
      sealed: SealedUpdate | undefined,
    ): Promise<Rejection | undefined> {
      const { planHash } = record;
      const place = { table: 'contributions', key: runKeyText(plan) } as const;
      const writes: Write[] = [{ ...place, value: record }];
      if (record.withdrawn)
        // Were it listed in the transcript all the same, the receipt would say that this device sent nothing.
        writes.push({ table: 'outbox', key: planHash, remove: true }, unsentWrite(plan));
      else if (!record.sent) {
        invariant(sealed, 'what is recorded was sealed');
        const { ciphertext } = sealed.record;
        const { encoding, noise } = plan;
        const sent = { planHash, ciphertext, ...(noise && { exposure: exposureOf(encoding, noise) }) };
        writes.push({ table: 'outbox', key: planHash, value: sealed }, sentWrite(plan, sent));
      }
      try {
        if (await inOrder(() => vault.write(writes, { ...place, value: before ?? undefined }))) return undefined;
        return reject(
          'superseded',
          'Another session of this device contributed to this run first. Keep one open, and close the other.',
        );
      } catch (error) {
        const why = error instanceof Error ? error.message : error;
        return reject('not_stored', `The sealed update cannot be stored on this device, so it is not sent: ${why}`);
      }
    },
    /** The round is over: the bytes go, the record stays. */
    async discard(planHash: string): Promise<void> {
      await inOrder(() => vault.write([{ table: 'outbox', key: planHash, remove: true }]));
    },
  };
}
