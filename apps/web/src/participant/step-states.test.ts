import { describe, expect, it } from 'vitest';
import { STEPS, stepStates } from './step-states.ts';

const told = (progress: Parameters<typeof stepStates>[0]) => STEPS.map((step) => stepStates(progress)[step]).join(' ');

describe('the way through the page', () => {
  it.each([
    [false, false, 0, false, 'now later later later'],
    [true, false, 0, false, 'done now later later'],
    [true, true, 0, true, 'done now later later'],
    [true, true, 2, false, 'done done done now'],
    [true, false, 1, false, 'done done done now'],
    [true, true, 2, true, 'done now later later'],
  ])('examples %s, joined %s, %i rounds, under way %s: %s', (hasExamples, joined, published, underWay, states) => {
    expect(told({ hasExamples, joined, published, underWay })).toBe(states);
  });
});
