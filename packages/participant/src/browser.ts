import type { Trainer } from '@sotto/learner/worker/client';
import { startTrainer } from '@sotto/learner/worker/start.browser';
import { aboutBrowser } from './about.browser.ts';
import { systemClock } from './clock.ts';
import { createParticipant, type Participant, type ParticipantOptions } from './participant.ts';
import { spawnSealer } from './sealing/spawn.browser.ts';
import { createSocketTransport } from './transport/socket.ts';
import { openIndexedDbVault, vaultName } from './vault/indexed-db.ts';

export interface BrowserOptions extends ParticipantOptions {
  /** The coordinator's origin. */
  readonly url: string;
  /** A training Worker that is already running, with its backend chosen. */
  readonly trainer?: Trainer;
  /** Makes this page a device of its own, apart from others in the same browser. */
  readonly device?: string;
}

/** A participant in a page: training and sealing in Workers, keys and records in IndexedDB. `close` ends its Workers. */
export async function createBrowserParticipant(
  options: BrowserOptions,
): Promise<Participant & { close(): Promise<void> }> {
  const vault = await openIndexedDbVault(vaultName(options.device ?? null));
  const trainer = options.trainer ?? startTrainer();
  const sealer = spawnSealer();
  // In the background, while the connection is made: sealing must not depend on a server that may be restarting just then.
  void sealer.prepare();
  const participant = await createParticipant(
    { about: () => aboutBrowser(navigator.userAgent, trainer.backend()), ...options, address: options.url },
    {
      transport: createSocketTransport(options.url),
      vault,
      trainer,
      sealer,
      clock: systemClock,
    },
  );
  return {
    ...participant,
    async close() {
      await participant.leave();
      trainer.dispose();
      sealer.close();
      vault.close();
    },
  };
}
