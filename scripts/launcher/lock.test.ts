import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from './lock.mjs';

// Linux numbers processes up to 4,194,304: nobody ever has this number.
const DEAD = 99_999_999;
let folder: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'sotto-lock-')), 'memory');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

function leave(generation: number, content: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `lock-${generation}`);
  writeFileSync(file, content);
  return file;
}

const never = (holder: string): void => {
  throw new Error(`waited for ${holder}`);
};

test('of many contenders one works at a time, and all get their turn', async () => {
  let inside = 0;
  let most = 0;
  const turns = await Promise.all(
    [1, 2, 3, 4, 5].map((turn) =>
      withLock(
        folder,
        () => {},
        async () => {
          inside++;
          most = Math.max(most, inside);
          await new Promise((resolve) => setTimeout(resolve, 5));
          inside--;
          return turn;
        },
      ),
    ),
  );
  expect(turns).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(1);
  expect(readdirSync(folder)).toHaveLength(1);
});

test('the lock of a dead process is taken over without waiting', async () => {
  leave(7, `${DEAD} ${hostname()}`);
  await withLock(folder, never, async () => {
    expect(readdirSync(folder)).toEqual(['lock-8']);
  });
});

test('a lock nobody has touched for a minute is taken over, whoever held it', async () => {
  const file = leave(1, `${process.pid} ${hostname()}`);
  const longAgo = new Date(Date.now() - 120_000);
  utimesSync(file, longAgo, longAgo);
  await withLock(folder, never, async () => {});
});

test('a lock held on another machine is waited for until it is released', async () => {
  const file = leave(1, `${DEAD} elsewhere`);
  const waited: string[] = [];
  await withLock(
    folder,
    (holder) => {
      waited.push(holder);
      writeFileSync(file, 'released');
    },
    async () => {},
  );
  expect(waited).toEqual([`${DEAD} elsewhere`]);
});

test('the lock is released when the work fails', async () => {
  const failing = withLock(folder, never, () => Promise.reject(new Error('the work')));
  await expect(failing).rejects.toThrow('the work');
  expect(await withLock(folder, never, async () => 'free')).toBe('free');
});
