import { RoundOutcome } from '@sotto/protocol/run';
import { z } from 'zod';

const [Published, Abandoned] = RoundOutcome.options;

/** Updates that never left their devices. */
const Caught = {
  /** Their devices found that they were no result of learning. */
  caught: z.number().int(),
  /** Of those, the ones that were finite, but longer than any learning is. */
  tooLong: z.number().int().default(0),
};
export type Caught = z.infer<z.ZodObject<typeof Caught>>;

const milliseconds = z.number().nullable();

/** A round that gave a model: its outcome, without what only a coordinator's record has. */
const SimulatedPublished = Published.omit({
  transcript: true,
  startedAt: true,
  endedAt: true,
  phases: true,
  uploadBytes: true,
}).extend({
  ...Caught,
  /** Sealing one update: encrypting it and sharing its key; median over the contributors. Null where nothing was sealed. */
  sealMs: milliseconds,
  /** Everything one participant sent; median over the contributors. */
  uploadBytes: z.number().nullable(),
  /** From the frozen list of candidates to the opened sum. */
  openMs: milliseconds,
});
export type SimulatedPublished = z.infer<typeof SimulatedPublished>;

const SimulatedAbandoned = Abandoned.omit({ startedAt: true, endedAt: true }).extend({
  ...Caught,
  /** Of the participants. */
  learningRate: z.number().optional(),
});

/** One round of a simulation, sealed or plain. */
export const SimulatedRound = z.discriminatedUnion('kind', [SimulatedPublished, SimulatedAbandoned]);
export type SimulatedRound = z.infer<typeof SimulatedRound>;

export type RoundMeasures = Pick<SimulatedPublished, 'caught' | 'tooLong' | 'sealMs' | 'uploadBytes' | 'openMs'>;
export const UNMEASURED: RoundMeasures = { caught: 0, tooLong: 0, sealMs: null, uploadBytes: null, openMs: null };

/** A round of a coordinator's run, as one of a simulation. `learningRate`: of the participants, where the round does not say. */
export function withoutRecord(outcome: RoundOutcome, measures: RoundMeasures, learningRate?: number): SimulatedRound {
  if (outcome.kind === 'abandoned') {
    const { startedAt: _, endedAt: __, ...rest } = outcome;
    const { caught, tooLong } = measures;
    return { ...rest, caught, tooLong, learningRate };
  }
  const { transcript: _, startedAt: __, endedAt: ___, phases: ____, ...rest } = outcome;
  return { ...rest, ...measures };
}
