import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { findObstacle } from '../src/output-file.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

test('a benchmark refuses, in one line and before it measures, a file that cannot be made', () => {
  for (const [path, why] of [
    [join(tmpdir(), 'nowhere', 'at', 'all.json'), 'ENOENT'],
    [tmpdir(), 'it is a folder'],
  ] as const) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'seal', '--json', path], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr.startsWith(`${path} cannot be written: ${why}`), stderr).toBe(true);
    expect(stderr.trimEnd()).not.toContain('\n');
  }
  expect(findObstacle(join(tmpdir(), 'seal.json'))).toBeNull();
});
