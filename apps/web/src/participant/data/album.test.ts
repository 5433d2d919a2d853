import { datasetFault } from '@sotto/learner/dataset';
import type { TaskManifest } from '@sotto/protocol/task';
import { describe, expect, it } from 'vitest';
import { addPictures, albumDataset, EMPTY_ALBUM, relabelPictures, removePictures } from './album.ts';

const IMAGE = { width: 2, height: 1, channels: 1 } as const;
const TASK = {
  kind: 'image',
  classes: ['no', 'yes'],
  input: { shape: [2], image: IMAGE },
  data: { format: 'idx', scale: 0.5 },
} as unknown as TaskManifest;

const photos = { pixels: Uint8Array.of(255, 250, 240, 0), labels: [0, 1], names: ['a.png', 'b.png'] };
const drawing = { pixels: Uint8Array.of(1, 2), labels: [1], names: ['drawn'] };
const album = addPictures(addPictures(EMPTY_ALBUM, photos), drawing);

describe('an album', () => {
  it("becomes a dataset at the task's scale, and none while it is empty", () => {
    const dataset = albumDataset(album, TASK)!;
    expect(datasetFault(dataset, 2)).toBeUndefined();
    expect(dataset.scale).toBe(0.5);
    expect([...dataset.labels]).toEqual([0, 1, 1]);
    expect([...dataset.inputs]).toEqual([255, 250, 240, 0, 1, 2]);
    expect(albumDataset(EMPTY_ALBUM, TASK)).toBeNull();
  });

  it('is turned round as a whole, with what is added later, and back', () => {
    const turned = addPictures({ ...album, turned: true }, { ...photos, labels: [1, 1] });
    expect([...albumDataset(turned, TASK)!.inputs]).toEqual([0, 5, 15, 255, 254, 253, 0, 5, 15, 255]);
    expect([...albumDataset({ ...turned, turned: false }, TASK)!.inputs.slice(0, 2)]).toEqual([255, 250]);
  });

  it('lets single pictures be removed and given another class, the others staying as they are', () => {
    const fewer = removePictures(album, new Set([1]), IMAGE);
    expect(fewer.names).toEqual(['a.png', 'drawn']);
    expect([...albumDataset(fewer, TASK)!.inputs]).toEqual([255, 250, 1, 2]);
    const other = relabelPictures(fewer, new Set([0]), 1);
    expect([...albumDataset(other, TASK)!.labels]).toEqual([1, 1]);
    expect(album.labels).toEqual([0, 1, 1]);
  });
});
