import { describe, expect, it } from 'vitest';
import { type Backend, type BackendName, chooseBackend } from './backend.ts';
import { CANARY_LOSSES, canaryFault } from './canary.ts';

interface Fake {
  fault?: string;
  ms?: number;
  wrong?: string;
  hangs?: boolean;
  /** Answers after the clock has struck. */
  slow?: boolean;
  throws?: string;
}

/** A clock without time: so many turns of the event loop. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

const never = new Promise<never>(() => {});

/** Backends with these traits, and the order in which they were activated. */
function world(traits: Partial<Record<BackendName, Fake>>) {
  const activated: BackendName[] = [];
  const available = Object.entries(traits).map(
    ([name, { fault, throws, hangs, slow }]): Backend => ({
      name: name as BackendName,
      fault: async () => fault,
      activate: async () => {
        activated.push(name as BackendName);
        if (throws) throw new Error(throws);
        if (hangs) await never;
        if (slow) await turns(5);
      },
    }),
  );
  const canary = async () => {
    const { ms = 10, wrong } = traits[activated.at(-1)!]!;
    return { ms, fault: wrong };
  };
  // The short cap is one turn of the event loop, the long one ten.
  const sleep = (ms: number) => turns(ms / 3000);
  return { activated, choose: (force?: string) => chooseBackend({ available, canary, sleep }, force) };
}

describe('the choice of a backend', () => {
  it('falls on the fastest that computes the known numbers, and leaves it active', async () => {
    const { choose, activated } = world({
      webgpu: { ms: 5, wrong: 'step 1 gave loss 7' },
      webgl: { ms: 9 },
      wasm: { ms: 30 },
      cpu: {},
    });
    const { backend, report } = await choose();
    expect(backend).toBe('webgl');
    expect(activated.at(-1)).toBe('webgl');
    expect(report.map(({ name, passed }) => [name, passed])).toEqual([
      ['webgpu', false],
      ['webgl', true],
      ['wasm', true],
      ['cpu', false],
    ]);
    expect(report[0]?.reason).toBe('step 1 gave loss 7');
  });

  it('passes over software GPUs, unless forced', async () => {
    const traits = { webgl: { fault: 'software', ms: 1 }, wasm: { ms: 30 } };
    expect((await world(traits).choose()).backend).toBe('wasm');
    expect((await world(traits).choose('webgl')).backend).toBe('webgl');
  });

  it('does not wait for a backend that hangs, and survives one that throws', async () => {
    const { choose } = world({ webgpu: { hangs: true }, webgl: { throws: 'no context' }, wasm: {} });
    const { backend, report } = await choose();
    expect(backend).toBe('wasm');
    expect(report.map(({ reason }) => reason)).toEqual([
      'did not answer within 3 seconds',
      'no context',
      'computes the known numbers',
    ]);
  });

  it('waits for the processor, however busy it is, when nothing else passed', async () => {
    const slow = { ms: 1, slow: true };
    expect((await world({ wasm: slow, cpu: {} }).choose()).backend).toBe('wasm');
    expect((await world({ webgl: {}, wasm: slow, cpu: {} }).choose()).backend).toBe('webgl');
  });

  it('tries plain JavaScript only when nothing else passed', async () => {
    const { choose, activated } = world({ wasm: {}, cpu: { ms: 1 } });
    expect((await choose()).backend).toBe('wasm');
    expect(activated).not.toContain('cpu');
    expect((await world({ wasm: { throws: 'x' }, cpu: {} }).choose()).backend).toBe('cpu');
  });

  it('tells, when nothing passes, why each did not; and which there are, when one is unknown', async () => {
    await expect(world({ webgl: { fault: 'absent' }, wasm: { throws: 'blocked' } }).choose()).rejects.toMatchObject({
      code: 'no_backend',
      message: expect.stringContaining('webgl: not on this device; wasm: blocked'),
    });
    await expect(world({ wasm: {} }).choose('quantum')).rejects.toThrow(
      'no backend called "quantum" here. Choose one of wasm',
    );
  });
});

describe('the canary', () => {
  it('accepts rounding and refuses any step that is off, missing or not a number', () => {
    expect(canaryFault(CANARY_LOSSES.map((loss) => loss + 1e-4))).toBeUndefined();
    for (const step of CANARY_LOSSES.keys()) {
      expect(canaryFault(CANARY_LOSSES.with(step, CANARY_LOSSES[step]! + 0.01))).toContain(`step ${step + 1}`);
      expect(canaryFault(CANARY_LOSSES.with(step, Number.NaN))).toContain(`step ${step + 1}`);
    }
    expect(canaryFault(CANARY_LOSSES.slice(0, -1))).toBeDefined();
  });
});
