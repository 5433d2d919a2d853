import type { Trainer } from '@sotto/learner/worker/client';
import { recallBackends, wishedBackend } from '../../session/backend-memory.ts';

/**
 * A worker of its own, so that the rounds never wait for it, computing with what the address or the person asks for, or what was found
 * to be fastest here. A wish that cannot be had is no reason to give no answer.
 */
export async function startOwnTrainer(backend: string | null): Promise<Trainer> {
  const { startTrainer } = await import('@sotto/learner/worker/start.browser');
  const trainer = startTrainer();
  const remembered = recallBackends();
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
