import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startTrainer } from '@sotto/learner/worker/start.node';
import { aboutNode } from './about.node.ts';
import { systemClock } from './clock.ts';
import { createParticipant, type Participant, type ParticipantOptions, type ParticipantPorts } from './participant.ts';
import { spawnSealer } from './sealing/spawn.node.ts';
import { createSocketTransport } from './transport/socket.ts';
import { createMemoryVault } from './vault/memory.ts';
import { openSqliteVault } from './vault/sqlite.node.ts';

export interface NodeOptions extends ParticipantOptions {
  readonly url: string;
  /** Where the device's key and records live; without it they are forgotten with the process. */
  readonly folder?: string;
  /** Shared workers, for many participants in one process. */
  readonly trainer?: ParticipantPorts['trainer'];
  readonly sealer?: ParticipantPorts['sealer'];
}

/** A participant in Node, with its own training and sealing threads unless it is given shared ones. `close` ends what it started. */
export async function createNodeParticipant(options: NodeOptions): Promise<Participant & { close(): Promise<void> }> {
  const { url, folder } = options;
  if (folder) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const vault = folder ? openSqliteVault(join(folder, 'device.sqlite')) : createMemoryVault();
  const ownTrainer = options.trainer ? null : startTrainer();
  const ownSealer = options.sealer ? null : spawnSealer();
  const participant = await createParticipant(
    { about: () => aboutNode(ownTrainer?.backend() ?? null), ...options, address: url },
    {
      transport: createSocketTransport(url),
      vault,
      trainer: options.trainer ?? ownTrainer!,
      sealer: options.sealer ?? ownSealer!,
      clock: systemClock,
    },
  );
  return {
    ...participant,
    async close() {
      await participant.leave();
      ownTrainer?.dispose();
      ownSealer?.close();
      vault.close();
    },
  };
}
