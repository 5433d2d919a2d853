import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { StartDevices } from '@sotto/coordinator/http/local-devices';
import { MAIN } from './repository.ts';

/** How long a child may take to say goodbye. */
const GRACE_MS = 5000;

/** Headless participants as processes of their own, one `sotto join` each: what they hold in memory is no other's business. */
export const startDevices: StartDevices = async ({ url, task, count, shard, invite }) => {
  const devices = new Set<string>();
  const children = Array.from({ length: count }, (_, index) => {
    const child = spawn(
      process.execPath,
      [
        ...process.execArgv,
        MAIN,
        'join',
        '--url',
        url,
        '--task',
        task,
        '--shard',
        `${index + 1}/${count}`,
        '--by',
        shard,
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        // Not among the arguments, which everybody on this machine may read.
        env: { ...process.env, ...(invite !== null && { SOTTO_INVITE: `#invite=${invite}` }) },
      },
    );
    createInterface({ input: child.stdout }).on('line', (line) => {
      const device = /^device ([0-9a-f]{64})$/.exec(line)?.[1];
      if (device) devices.add(device);
    });
    return child;
  });
  return {
    ids: () => devices,
    async stop() {
      await Promise.all(children.map(end));
    },
  };
};

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await exited;
  clearTimeout(timer);
}
