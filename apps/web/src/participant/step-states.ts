/** What a newcomer does, in order. */
export const STEPS = ['examples', 'part', 'left', 'model'] as const;
export type Step = (typeof STEPS)[number];
export type StepState = 'done' | 'now' | 'later';

interface Progress {
  readonly hasExamples: boolean;
  readonly joined: boolean;
  /** Rounds published with this device present. */
  readonly published: number;
  /** It is taking part in a run that is not over, or must decide about other terms first. */
  readonly underWay: boolean;
}

/** The first step that is not done is the one to take now, and nothing is done leaving this device while rounds go on; once a round is published and no other is under way, that is trying the model. */
export function stepStates({ hasExamples, joined, published, underWay }: Progress): Readonly<Record<Step, StepState>> {
  const taken = published > 0;
  return {
    examples: hasExamples || joined ? 'done' : 'now',
    part: taken && !underWay ? 'done' : hasExamples || joined ? 'now' : 'later',
    left: taken && !underWay ? 'done' : 'later',
    model: taken && !underWay ? 'now' : 'later',
  };
}
