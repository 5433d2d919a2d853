import type { RoundEvent } from '@sotto/fl-core/round/round';
import { deviceIdOf } from '@sotto/protocol/ids';
import type { CheckAnswer, Opening } from '@sotto/protocol/transcript';
import type { UpdateRecord } from '@sotto/protocol/update-record';

/** What devices signed in a round, gathered from its accepted events. */
export interface Evidence {
  /** By device, ascending. */
  readonly updates: ReadonlyMap<string, { readonly record: UpdateRecord; readonly digest: string }>;
  /** Devices that took their update back. */
  readonly withdrawn: ReadonlySet<string>;
  /** By place, ascending. */
  readonly answers: readonly CheckAnswer[];
  readonly openings: readonly Opening[];
  /** The opened metadata; null before the sum is open. */
  readonly metadata: readonly number[] | null;
}

export function gatherEvidence(events: readonly RoundEvent[]): Evidence {
  const updates = new Map<string, { record: UpdateRecord; digest: string }>();
  const withdrawn = new Set<string>();
  const answers = new Map<number, CheckAnswer>();
  const openings = new Map<number, Opening>();
  let metadata: readonly number[] | null = null;
  for (const event of events) {
    if (event.type === 'update') updates.set(deviceIdOf(event.record.key), event);
    else if (event.type === 'withdrawn') {
      withdrawn.add(event.device);
      updates.delete(event.device);
    } else if (event.type === 'answer') answers.set(event.evidence.x, event.evidence);
    else if (event.type === 'opening') openings.set(event.evidence.x, event.evidence);
    else if (event.type === 'opened') metadata = event.metadata;
  }
  return {
    updates: new Map(
      [...updates]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([device, { record, digest }]) => [device, { record, digest }]),
    ),
    withdrawn,
    answers: [...answers.values()].sort((a, b) => a.x - b.x),
    openings: [...openings.values()].sort((a, b) => a.x - b.x),
    metadata,
  };
}
