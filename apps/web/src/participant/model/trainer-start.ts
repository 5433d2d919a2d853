import type { Trainer } from '@sotto/learner/worker/client';
import { recallBackends, wishedBackend } from '../../session/backend-memory.ts';
import { type Amount, backendsAhead, loadCode } from '../../session/code-loading.ts';

/**
 * A worker of its own, so that the rounds never wait for it, computing with what the address or the person asks for, or what was found
 * to be fastest here. A wish that cannot be had is no reason to give no answer.
 */
export async function startOwnTrainer(backend: string | null, onLoading?: (amount: Amount) => void): Promise<Trainer> {
  const remembered = recallBackends();
  const backends = backendsAhead(wishedBackend(backend), remembered?.backend ?? null);
  const [{ startTrainer }] = await Promise.all([
    import('@sotto/learner/worker/start.browser'),
    loadCode(['learning', ...backends], onLoading && { onProgress: onLoading }),
  ]);
  const trainer = startTrainer();
  const automatic = remembered === null ? {} : { remembered };
  try {
    const wish = wishedBackend();
    if (backend !== null) await trainer.prepare({ force: backend });
    else if (wish === null) await trainer.prepare(automatic);
    else await trainer.prepare({ force: wish }).catch(() => trainer.prepare(automatic));
    return trainer;
  } catch (error) {
    trainer.dispose();
    throw error;
  }
}
