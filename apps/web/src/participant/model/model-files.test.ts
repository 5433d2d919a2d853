import { sha256Hex } from '@sotto/protocol/digest';
import { describe, expect, it } from 'vitest';
import { createModelFiles } from './model-files.ts';

const FILES = new Map(
  [1, 2, 3].map((seed) => [sha256Hex(new Uint8Array(100).fill(seed)), new Uint8Array(100).fill(seed)]),
);
const [FIRST, SECOND, THIRD] = [...FILES.keys()] as [string, string, string];

function create(mostBytes?: number) {
  const asked: string[] = [];
  const files = createModelFiles(async (path) => {
    const hash = path.replace('/api/models/', '');
    asked.push(hash);
    return FILES.get(hash) ?? new Uint8Array(3);
  }, mostBytes);
  return { files, asked };
}

describe('the model files', () => {
  it('are fetched once, and again after they were forgotten', async () => {
    const { files, asked } = create();
    await files.open(FIRST);
    expect(await files.open(FIRST)).toEqual(FILES.get(FIRST));
    expect(asked).toEqual([FIRST]);
    expect(files.kept()).toEqual({ count: 1, bytes: 100 });
    files.forget();
    expect(files.kept()).toEqual({ count: 0, bytes: 0 });
    await files.open(FIRST);
    expect(asked).toEqual([FIRST, FIRST]);
  });

  it('are refused, and not kept, when they are not what was published', async () => {
    const { files } = create();
    await expect(files.open('ab'.repeat(32))).rejects.toMatchObject({ code: 'model_hash' });
    expect(files.kept().count).toBe(0);
  });

  it('make room for the latest', async () => {
    const { files, asked } = create(250);
    for (const hash of [FIRST, SECOND, THIRD]) await files.open(hash);
    expect(files.kept()).toEqual({ count: 2, bytes: 200 });
    await files.open(THIRD);
    await files.open(FIRST);
    expect(asked).toEqual([FIRST, SECOND, THIRD, FIRST]);
  });
});
