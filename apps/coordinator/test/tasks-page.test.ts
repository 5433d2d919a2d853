import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeInitialModel } from '../src/tasks/initial-model.ts';
import { loadTasks } from '../src/tasks/tasks.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/TASKS.md'), 'utf8');

it('the task in docs/TASKS.md loads as it is written there, and its model fits its data', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-tasks-page-'));
  try {
    const files = ['task.json', 'model.json', 'train.csv', 'test.csv'];
    const blocks = [...page.matchAll(/^```(?:json|csv)\n([\s\S]*?)^```/gm)].map(([, text]) => text!);
    expect(blocks).toHaveLength(files.length);
    mkdirSync(join(folder, 'rain'));
    for (const [i, file] of files.entries()) writeFileSync(join(folder, 'rain', file), blocks[i]!);
    writeFileSync(join(folder, 'rain', 'DATA.md'), '# Weather\n');
    const task = loadTasks([folder], () => {}).get('rain')!;
    const { manifest, data, topology } = task;
    const { inputs, labels } = data.train();
    expect([...labels]).toEqual([0, 0, 0, 1, 1, 1]);
    // 1030 hPa, no wind said: seventeen ninths above the mean, and no category.
    expect([...inputs.subarray(10, 15)]).toEqual([Math.fround(17 / 9), 0, 0, 0, 0]);
    const ends = { inputShape: manifest.input.shape, classes: manifest.classes.length };
    expect((await makeInitialModel(topology, 1, ends)).length).toBeGreaterThan(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
