import type { RoundKey } from '@sotto/protocol/ids';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import type { RoundOutcome } from '@sotto/protocol/run';
import type { Clock } from './clock.ts';
import { keepReceipt, keepRound, type RoundTaken } from './history.ts';
import type { Announced, createReceipts, Receipt } from './receipts.ts';
import type { Vault } from './vault.ts';

export interface RoundEndPorts {
  readonly vault: Vault;
  readonly receipts: ReturnType<typeof createReceipts>;
  readonly clock: Pick<Clock, 'now' | 'at'>;
  readonly isConnected: () => boolean;
  readonly onReceipt: (receipt: Receipt) => void;
  /** A round that this device had a part in, or what is newly known of it. */
  readonly onRound: (taken: RoundTaken) => void;
  readonly complain: (problem: Rejection) => void;
}

const RETRY_MS = 5000;

/** What is kept of rounds that are over: that this device had a part in them, and what their public records say of it. */
export function createRoundEnds({ vault, receipts, clock, isConnected, onReceipt, onRound, complain }: RoundEndPorts) {
  const unchecked = new Set<Announced>();

  async function over(run: Pick<RoundKey, 'coordinator' | 'task' | 'run'>, outcome: RoundOutcome): Promise<void> {
    const round = { ...run, round: outcome.round };
    const taken = await keepRound(vault, round, outcome);
    if (taken) onRound(taken);
    if (outcome.kind === 'published') await check({ ...round, transcript: outcome.transcript });
  }

  /** Fetches and checks a published round's record; when the line is down, again once it is up. */
  async function check(announced: Announced): Promise<void> {
    const receipt = await receipts.receiptOf(announced);
    if (isRejection(receipt)) {
      if (receipt.rejected !== 'disconnected') return complain(receipt);
      unchecked.add(announced);
      if (isConnected()) clock.at(clock.now() + RETRY_MS, checkAgain);
      return;
    }
    onReceipt(receipt);
    const taken = await keepReceipt(vault, announced, receipt);
    if (taken) onRound(taken);
  }

  function checkAgain(): void {
    const waiting = [...unchecked];
    unchecked.clear();
    for (const announced of waiting)
      check(announced).catch((error: unknown) => complain(reject('internal', `A receipt could not be kept: ${error}`)));
  }

  return { over, checkAgain };
}
