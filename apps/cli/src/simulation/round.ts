import type { PublishedRound } from '@sotto/protocol/run';

/** A round of a simulation that gave a model, sealed or plain: what its outcome says, without what only a sealed round has. */
export interface SimulatedPublished
  extends Omit<PublishedRound, 'transcript' | 'startedAt' | 'endedAt' | 'phases' | 'uploadBytes'> {
  /** Updates that were caught on their own device: not finite, so that they could not be sealed. */
  readonly caught: number;
}

export interface SimulatedAbandoned {
  readonly kind: 'abandoned';
  readonly round: number;
  readonly reason: string;
  readonly caught: number;
}

export type SimulatedRound = SimulatedPublished | SimulatedAbandoned;
