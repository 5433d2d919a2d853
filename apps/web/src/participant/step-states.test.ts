import { describe, expect, it } from 'vitest';
import { STEPS, stepStates } from './step-states.ts';

const told = (progress: Parameters<typeof stepStates>[0]) => STEPS.map((step) => stepStates(progress)[step]).join(' ');

describe('the way through the page', () => {
  it.each([
    [false, false, 0, 'now later later later'],
    [true, false, 0, 'done now later later'],
    [true, true, 0, 'done now later later'],
    [true, true, 2, 'done done done now'],
    [true, false, 1, 'done done done now'],
  ])('examples %s, joined %s, %i rounds: %s', (hasExamples, joined, published, states) => {
    expect(told({ hasExamples, joined, published })).toBe(states);
  });
});
