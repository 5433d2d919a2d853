import { join } from 'node:path';
import { isRejection } from '@sotto/protocol/rejection';
import type { RunSummary } from '@sotto/protocol/run';
import type { Runs } from '../src/rounds/runs.ts';
import { createDevice, type Device } from './crash/device.ts';
import { createFacts } from './crash/facts.ts';
import { newFolder, until } from './hall.ts';

/** Devices with the SDK as it is, over real sockets to `url`, all connected. */
export async function connectDevices(url: string, count: number): Promise<Device[]> {
  const folder = newFolder();
  const facts = createFacts();
  const devices = Array.from({ length: count }, (_, index) =>
    createDevice({ folder: join(folder, `${index}`), index, facts }),
  );
  for (const device of devices) {
    device.connect(url);
    await device.revive();
    await until('a device is connected', () => device.participant().state().connection === 'connected');
  }
  return devices;
}

/** A run of one round, to its end. */
export async function playRound(runs: Runs): Promise<RunSummary> {
  const run = await runs.create({ task: 'tiny', rounds: 1 });
  if (isRejection(run)) throw new Error(run.message);
  return until('the round is over', () => {
    const summary = runs.get(run.run)!;
    return summary.rounds.length > 0 && summary.state !== 'running' && summary;
  });
}
