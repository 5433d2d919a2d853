import type { Receipt } from '@sotto/participant/receipts';
import type { Records } from '@sotto/participant/records.browser';
import type { ParticipantState } from '@sotto/participant/state';

/** What public records say of this device, of this visit and of earlier ones, each once. */
export function receiptsOf(
  participant: Pick<ParticipantState, 'receipts'> | null,
  records: Pick<Records, 'history'> | null,
): Receipt[] {
  const kept = (records?.history ?? []).flatMap(({ receipt }) => receipt ?? []);
  const here = participant?.receipts ?? [];
  return [...new Map([...kept, ...here].map((receipt) => [receipt.transcript, receipt])).values()];
}
