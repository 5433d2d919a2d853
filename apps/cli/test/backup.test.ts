import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { tellAddresses } from '@sotto/coordinator/address-file';
import { readConfig } from '@sotto/coordinator/config';
import { startCoordinator } from '@sotto/coordinator/main';
import { isRejection } from '@sotto/protocol/rejection';
import { expect, test } from 'vitest';
import { sotto, temporaryFolder } from './command.ts';

const start = (folder: string) =>
  startCoordinator(readConfig({ SOTTO_DATA_DIR: folder, PORT: '0', SOTTO_LOG: 'silent' }));

test('backup copies a coordinator while it runs, whole, and a coordinator started on the copy knows the same', async () => {
  using folder = temporaryFolder();
  const [data, copy] = [join(folder.path, 'data'), join(folder.path, 'copy')];
  const coordinator = await start(data);
  try {
    const run = await coordinator.runs.create({ task: 'breast-cancer', rounds: 1 });
    if (isRejection(run)) throw new Error(run.message);
    const backup = (...options: string[]) => sotto(['backup', '--data', data, ...options]);
    expect(await backup('--to', copy)).toMatchObject({ code: 0, stdout: expect.stringContaining(copy), stderr: '' });
    // Nothing is left behind in the folder that was copied.
    expect(readdirSync(join(data, 'backups'))).toEqual([]);
    expect(await backup('--to', copy)).toMatchObject({ code: 1, stderr: expect.stringMatching(/exists already/) });
    // Later than the copy.
    await coordinator.runs.stop(run.run);

    cpSync(copy, join(folder.path, 'restored'), { recursive: true });
    const restored = await start(join(folder.path, 'restored'));
    try {
      expect(restored.coordinatorKey).toBe(coordinator.coordinatorKey);
      expect(restored.runs.get(run.run)).toEqual(run);
      const model = await fetch(new URL(`/api/models/${run.initial.model}`, restored.localUrl));
      expect(model.status).toBe(200);
    } finally {
      await restored.close();
    }
  } finally {
    await coordinator.close();
  }
});

test('backup says so where no coordinator runs, or where the folder is none of a coordinator', async () => {
  using folder = temporaryFolder();
  const none = await sotto(['backup', '--data', folder.path, '--to', join(folder.path, 'copy')]);
  expect(none).toMatchObject({ code: 1, stderr: expect.stringMatching(/is no running coordinator's data folder/) });
  // As one leaves it that was killed.
  tellAddresses(folder.path, { local: 'http://127.0.0.1:1', public: 'https://learn.test' });
  const away = await sotto(['backup', '--data', folder.path, '--to', join(folder.path, 'copy')]);
  expect(away).toMatchObject({ code: 1, stderr: expect.stringMatching(/No coordinator answers at http:..127/) });
});
