import { RoundOutcome } from '@sotto/protocol/run';
import { z } from 'zod';

const [Published, Abandoned] = RoundOutcome.options;

const caught = z.number().int();
const milliseconds = z.number().nullable();

/** A round that gave a model: its outcome, without what only a coordinator's record has. */
const SimulatedPublished = Published.omit({
  transcript: true,
  startedAt: true,
  endedAt: true,
  phases: true,
  uploadBytes: true,
}).extend({
  /** Updates that never left their device, which found that they were not finite. */
  caught,
  /** Sealing one update: encrypting it and sharing its key; median over the contributors. Null where nothing was sealed. */
  sealMs: milliseconds,
  /** Everything one participant sent; median over the contributors. */
  uploadBytes: z.number().nullable(),
  /** From the frozen list of candidates to the opened sum. */
  openMs: milliseconds,
});
export type SimulatedPublished = z.infer<typeof SimulatedPublished>;

const SimulatedAbandoned = Abandoned.omit({ startedAt: true, endedAt: true }).extend({ caught });

/** One round of a simulation, sealed or plain. */
export const SimulatedRound = z.discriminatedUnion('kind', [SimulatedPublished, SimulatedAbandoned]);
export type SimulatedRound = z.infer<typeof SimulatedRound>;

export type RoundMeasures = Pick<SimulatedPublished, 'caught' | 'sealMs' | 'uploadBytes' | 'openMs'>;
export const UNMEASURED: RoundMeasures = { caught: 0, sealMs: null, uploadBytes: null, openMs: null };

/** A round of a coordinator's run, as one of a simulation. */
export function withoutRecord(outcome: RoundOutcome, measures: RoundMeasures): SimulatedRound {
  if (outcome.kind === 'abandoned') {
    const { startedAt: _, endedAt: __, ...rest } = outcome;
    return { ...rest, caught: measures.caught };
  }
  const { transcript: _, startedAt: __, endedAt: ___, phases: ____, ...rest } = outcome;
  return { ...rest, ...measures };
}
