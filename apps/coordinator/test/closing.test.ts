import { expect, it } from 'vitest';
import { createClosing } from '../src/closing.ts';
import { readConfig } from '../src/config.ts';
import { startCoordinator } from '../src/main.ts';
import { Unavailable } from '../src/unavailable.ts';
import { newFolder } from './hall.ts';
import { connectDevices } from './live.ts';
import { makeTasks } from './task-folder.ts';

it('closes everything in reverse order, whatever fails on the way, and tells of every failure', async () => {
  const closed: string[] = [];
  const { add, close } = createClosing();
  const failing = (name: string) => () => {
    closed.push(name);
    throw new Error(name);
  };
  add(() => closed.push('first'), failing('second'));
  add(async () => closed.push('third'), failing('fourth'));
  const error = await close().catch((thrown: unknown) => thrown);
  expect(closed).toEqual(['fourth', 'third', 'second', 'first']);
  expect((error as AggregateError).errors).toEqual([new Error('fourth'), new Error('second')]);
});

it('stops although its database is away, and leaves the folder to the next', async () => {
  let away = false;
  const failpoint = (name: string) => {
    if (away && name.startsWith('store:')) throw new Unavailable('the database is away');
  };
  const settings = { SOTTO_DATA_DIR: newFolder(), PORT: '0', SOTTO_LOG: 'silent' };
  const options = { tasksDirs: [makeTasks()], pages: newFolder() };
  const coordinator = await startCoordinator(readConfig(settings), { ...options, failpoint });
  const [device] = await connectDevices(coordinator.url, 1);
  away = true;
  await coordinator.close();
  device!.die();
  await expect(fetch(coordinator.localUrl)).rejects.toThrow();
  // The lock on its database is gone with it.
  const next = await startCoordinator(readConfig(settings), options);
  await next.close();
});
