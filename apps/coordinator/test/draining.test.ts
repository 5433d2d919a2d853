import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { RunSummary } from '@sotto/protocol/run';
import { afterEach, expect, it } from 'vitest';
import { createDraining } from '../src/draining.ts';
import { createDevice, type Device } from './crash/device.ts';
import { createFacts } from './crash/facts.ts';
import type { Orders, Word } from './crash/orders.ts';
import { makeTask } from './crash/task.ts';
import { newFolder, until } from './hall.ts';

const children: ChildProcess[] = [];
const devices: Device[] = [];
afterEach(() => {
  for (const device of devices.splice(0)) device.die();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Below those that systems give away, so that nobody takes it between two starts. */
async function freePort(): Promise<string> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, () => resolve(true));
    });
    await new Promise((resolve) => server.close(resolve));
    if (free) return `${port}`;
  }
}

/** A real process; resolves when it listens. */
async function start(orders: Orders): Promise<{ child: ChildProcess; url: string; states: () => string[] }> {
  const args = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'crash/child.ts')];
  const child = spawn(process.execPath, [...args, JSON.stringify(orders)], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  let url = '';
  let states: string[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const word = JSON.parse(line) as Word;
    if (word.says === 'up') url = word.url;
    if (word.says === 'runs') states = Object.keys(word.states);
  });
  await until('the coordinator is up', () => url !== '' && states.length > 0);
  return { child, url, states: () => states };
}

it('is told to stop in mid-upload: answers what is under way, ends with 0, and the same devices finish the round after its return', async () => {
  const folder = newFolder();
  const settings = {
    SOTTO_DATA_DIR: join(folder, 'data'),
    SOTTO_TASKS_DIR: makeTask('large'),
    PORT: await freePort(),
    SOTTO_DRAIN_MS: '60000',
  };
  const orders = {
    // What devices make up here improves no model, and shall count all the same.
    run: { task: 'tiny', rounds: 1, seed: 1, guard: { mostDrop: 1, mostRise: 1000 } },
    kill: null,
    opened: join(folder, 'opened.jsonl'),
    log: join(folder, 'log.jsonl'),
    record: false,
  };
  const first = await start({ ...orders, settings });
  const known = createFacts();
  let acknowledged = 0;
  let stopped: Promise<unknown[]> | undefined;
  const facts = {
    ...known,
    witnessOf(device: () => string) {
      const witness = known.witnessOf(device);
      return {
        ...witness,
        answered(...[name, payload, reply]: Parameters<typeof witness.answered>) {
          witness.answered(name, payload, reply);
          if (name !== 'part') return;
          acknowledged += 1;
          if (stopped) return;
          // Parts of this device and of others are on their way at this moment.
          stopped = once(first.child, 'exit');
          first.child.kill('SIGTERM');
        },
      };
    },
  };
  for (let index = 0; index < 3; index++) {
    const device = createDevice({ folder: join(folder, `${index}`), index, facts });
    devices.push(device);
    device.connect(first.url);
    await device.revive();
  }
  expect(await until('it has stopped', () => stopped)).toEqual([0, null]);
  // Whatever came before the signal, and was under way when it came, is answered: how much that is depends on the machine.
  expect(acknowledged).toBeGreaterThan(0);
  expect(readFileSync(orders.log, 'utf8')).not.toContain('stopping although');

  // Nobody tells the devices: they come back to the same address by themselves.
  const second = await start({ ...orders, settings });
  const outcome = await until('the round is over', async () => {
    const response = await fetch(new URL(`/api/runs/${second.states()[0]}`, second.url));
    return RunSummary.parse(await response.json()).rounds.at(-1);
  });
  expect(outcome).toMatchObject({ kind: 'published', round: 1, contributors: 3 });
  expect(new Set(known.acknowledged.map(({ device }) => device)).size).toBe(3);
  // No acknowledged byte was lost, and none was sent a second time.
  expect(known.offences).toEqual([]);
});

it('waits for what is under way, and no longer than it is told', async () => {
  const draining = createDraining();
  const leave = draining.enter();
  let quiet = false;
  const settled = draining.settled(60_000).then((left) => {
    quiet = true;
    return left;
  });
  await new Promise(setImmediate);
  expect(quiet).toBe(false);
  leave();
  expect(await settled).toBe(0);
  draining.enter();
  expect(await draining.settled(1)).toBe(1);
});
