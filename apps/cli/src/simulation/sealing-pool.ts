import type { Sealer } from '@sotto/participant/sealing/client';
import { createPool } from './pool.ts';

export interface SealingPool extends Pick<Sealer, 'check' | 'open'> {
  /** One participant's sealer. `onSealed` hears how long sealing itself took, without the time spent in the queue. */
  seat(
    onSealed: (sealed: { readonly ms: number; readonly bytes: number }) => void,
  ): Pick<Sealer, 'seal' | 'check' | 'open'>;
  dispose(): void;
}

/** Few sealing workers for many participants. */
export function createSealingPool(workers: readonly Sealer[]): SealingPool {
  const pool = createPool(workers);
  const shared: Pick<Sealer, 'check' | 'open'> = {
    check: (request) => pool.run((worker) => worker.check(request)),
    open: (shares) => pool.run((worker) => worker.open(shares)),
  };
  return {
    ...shared,
    seat: (onSealed) => ({
      ...shared,
      seal: (request) =>
        pool.run(async (worker) => {
          const began = performance.now();
          const sealed = await worker.seal(request);
          if ('ciphertext' in sealed) onSealed({ ms: performance.now() - began, bytes: sealed.ciphertext.length });
          return sealed;
        }),
    }),
    dispose() {
      for (const worker of workers) worker.close();
    },
  };
}
