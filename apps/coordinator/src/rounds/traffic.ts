import type { RefusedMessage, RoundFacts } from '@sotto/protocol/admin/live';
import type { RequestName } from '@sotto/protocol/messages';
import type { Phase } from '@sotto/protocol/run';
import { uploadBlob } from '../aggregation/upload-layout.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { RoundHost } from './round-host.ts';

/** Of the messages that were refused, so many are kept word by word. */
const LATEST = 20;

/** What devices have sent since the last round was over. In memory: what it tells helps people, and nothing hangs on it. */
export function createTraffic(blobs: Pick<Blobs, 'size'>) {
  let sent = new Map<string, number>();
  let sending = new Set<string>();
  let received: Partial<Record<Phase, number>> = {};
  let refused: Record<string, number> = {};
  let refusals: RefusedMessage[] = [];
  return {
    sentBy: (device: string): number => sent.get(device) ?? 0,
    /** Whether some of its update has come. */
    isSending: (device: string): boolean => sending.has(device),
    facts: (): RoundFacts => ({ received, refused, refusals }),
    note(device: string, bytes: number, message: RequestName, phase: Phase): void {
      sent.set(device, (sent.get(device) ?? 0) + bytes);
      if (message === 'upload' || message === 'part') sending.add(device);
      received = { ...received, [phase]: (received[phase] ?? 0) + bytes };
    },
    refused(message: RefusedMessage): void {
      refused = { ...refused, [message.rejected]: (refused[message.rejected] ?? 0) + 1 };
      refusals = [message, ...refusals].slice(0, LATEST);
    },
    /** A new round: what was refused before it stays on its account. */
    begin(): void {
      sent = new Map();
      sending = new Set();
    },
    /** A round is over. */
    end(): void {
      received = {};
      refused = {};
      refusals = [];
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
