import type { HeldOut } from '@sotto/fl-core/gate';
import type { RoundEvent } from '@sotto/fl-core/round/round';
import type { Certificate } from '@sotto/protocol/certificate';
import type { Encoding } from '@sotto/protocol/plan';
import type { Signer } from '@sotto/protocol/signature';
import type { Engine } from '../aggregation/engine.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { PlanTerms } from './plan-making.ts';

/** The opened sum as it came out of the ciphertexts, for simulations to compare with what went in. */
export interface OpenedRound {
  readonly run: string;
  readonly round: number;
  /** 0 where the round is opened whole. */
  readonly group: number;
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
  /** The model file in this blob, on the held-out examples of the task. */
  readonly evaluate: (task: string, blob: string) => Promise<HeldOut>;
  /** Member certificates by device, of those that are good now and until this time. */
  readonly memberCertificates: (task: string, until: number) => Promise<ReadonlyMap<string, Certificate>>;
  readonly onOpened?: ((opened: OpenedRound) => void) | undefined;
}

/** What one part of a round is given and says. */
export interface PartContext extends PlanTerms {
  /** Duties have changed. */
  readonly remind: () => void;
  /** Something that the status shows has changed. */
  readonly changed: () => void;
  /** It is opened or abandoned: nothing more comes of it alone. */
  readonly over: () => void;
}

type DistributedOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** An event before the host says when it happened. */
export type Happening = DistributedOmit<RoundEvent, 'at'>;
