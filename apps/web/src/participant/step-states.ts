/** What a newcomer does, in order. */
export const STEPS = ['examples', 'part', 'left', 'model'] as const;
export type Step = (typeof STEPS)[number];
export type StepState = 'done' | 'now' | 'later';

interface Progress {
  readonly hasExamples: boolean;
  readonly joined: boolean;
  /** Rounds published with this device present. */
  readonly published: number;
  /** The terms are no longer those agreed to: nothing goes on before that is settled. */
  readonly disagreed: boolean;
}

/** The first step that is not done is the one to take now; once a round is published, that is trying the model. */
export function stepStates({ hasExamples, joined, published, disagreed }: Progress): Readonly<Record<Step, StepState>> {
  const taken = published > 0;
  return {
    examples: hasExamples || joined ? 'done' : 'now',
    part: taken && !disagreed ? 'done' : hasExamples || joined ? 'now' : 'later',
    left: taken ? 'done' : 'later',
    model: taken && !disagreed ? 'now' : 'later',
  };
}
