import { uploadBlob } from '../aggregation/upload-layout.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { RoundHost } from './round-host.ts';

/** Bytes that each device has sent in the round under way. */
export function createTraffic(blobs: Pick<Blobs, 'size'>) {
  let sent = new Map<string, number>();
  return {
    sentBy: (device: string): number => sent.get(device) ?? 0,
    note(device: string, bytes: number): void {
      sent.set(device, (sent.get(device) ?? 0) + bytes);
    },
    /** A new round. */
    begin(): void {
      sent = new Map();
    },
    /** What devices sent before a restart was counted in memory; at least the uploads lie on disk. */
    async recall(parts: readonly RoundHost[]): Promise<void> {
      const recalled = new Map<string, number>();
      for (const part of parts) {
        const state = part.state();
        if (!('updates' in state)) continue;
        for (const [device, digest] of Object.entries(state.updates))
          recalled.set(device, (await blobs.size(uploadBlob(state.planHash, device, digest))) ?? 0);
      }
      sent = recalled;
    },
  };
}
