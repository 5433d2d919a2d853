import type { RoundEvent } from '@sotto/fl-core/round/round';
import type { Certificate } from '@sotto/protocol/certificate';
import type { Encoding, Plan } from '@sotto/protocol/plan';
import type { RoundOutcome } from '@sotto/protocol/run';
import type { Signer } from '@sotto/protocol/signature';
import type { Engine } from '../aggregation/engine.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Entry } from '../store/round-log.ts';
import type { Store } from '../store/store.ts';
import type { Spending } from './budget.ts';
import type { PlanTerms } from './plan-making.ts';

/** The opened sum as it came out of the ciphertexts, for simulations to compare with what went in. */
export interface OpenedRound {
  readonly run: string;
  readonly round: number;
  readonly planHash: string;
  readonly contributors: readonly string[];
  readonly levels: Float64Array;
  readonly encoding: Encoding;
}

export interface RoundPorts {
  readonly store: Store;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly signer: Signer;
  readonly log: Log;
  /** On the held-out examples of the task. */
  readonly evaluate: (task: string, model: string) => Promise<{ readonly accuracy: number; readonly loss: number }>;
  /** Member certificates by device, of those that are good now and until this time. */
  readonly memberCertificates: (task: string, until: number) => Promise<ReadonlyMap<string, Certificate>>;
  readonly onOpened?: ((opened: OpenedRound) => void) | undefined;
}

/** What the run gives a round and hears from it. */
export interface RoundContext extends PlanTerms {
  /** SHA-256 of what the run's strategy remembers of the rounds before; null where it keeps nothing. */
  readonly state: string | null;
  /** What the outcome says of the cost of sums that any member helped to open, by their plans. */
  readonly spendingOf: (opened: readonly Plan[]) => Spending;
  /** Bytes a device has sent in this round. */
  readonly sentBy: (device: string) => number;
  /** Duties have changed. */
  readonly remind: () => void;
  /** Something that the status shows has changed. */
  readonly changed: () => void;
  /** The round is over and its outcome stored. */
  readonly ended: (outcome: RoundOutcome) => void;
}

type DistributedOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** An event before the host says when it happened. */
export type Happening = DistributedOmit<RoundEvent, 'at'>;

/** What becomes true together with an event. */
export type Together = Pick<Entry, 'plan' | 'model' | 'transcript' | 'outcome' | 'contributors'>;
