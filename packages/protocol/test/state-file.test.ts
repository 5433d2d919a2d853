import { describe, expect, it } from 'vitest';
import { isRejection } from '../src/rejection.ts';
import { decodeStateFile, encodeStateFile, type StrategyState } from '../src/state-file.ts';

const adam: StrategyState = {
  strategy: 'FedAdam',
  steps: 12,
  m: new Float32Array([0.5, -1.25, 0]),
  v: new Float32Array([1e-9, 0, 3]),
};

describe('the state of a strategy as a file', () => {
  it.each<StrategyState>([
    adam,
    { ...adam, strategy: 'FedAvgM', v: null },
    { ...adam, strategy: 'FedAdagrad', m: null },
  ])('comes back as it was: $strategy', (state) => {
    expect(decodeStateFile(encodeStateFile(state))).toEqual(state);
  });

  it('is refused with any one byte of its head changed, cut short or lengthened', () => {
    const bytes = encodeStateFile(adam);
    const head = bytes.length - 4 * 6;
    for (let at = 0; at < head; at++) {
      const changed = bytes.slice();
      changed[at]! ^= 1;
      const state = decodeStateFile(changed);
      // Another number of rounds is another true state.
      if (!isRejection(state)) expect(state, `byte ${at}`).toEqual({ ...adam, steps: state.steps });
    }
    expect(decodeStateFile(bytes.subarray(0, -1))).toMatchObject({ rejected: 'bad_state_file' });
    expect(decodeStateFile(new Uint8Array([...bytes, 0]))).toMatchObject({ rejected: 'bad_state_file' });
    expect(decodeStateFile(new Uint8Array())).toMatchObject({ rejected: 'bad_state_file' });
  });

  it('is refused with a number that is none, or a second moment below 0', () => {
    for (const state of [
      { ...adam, m: new Float32Array([0.5, Number.NaN, 0]) },
      { ...adam, v: new Float32Array([0.5, Number.POSITIVE_INFINITY, 0]) },
      { ...adam, v: new Float32Array([0.5, -1, 0]) },
    ])
      expect(decodeStateFile(encodeStateFile(state))).toMatchObject({
        rejected: 'bad_state_file',
        message: expect.stringContaining('holds a false number'),
      });
  });
});
