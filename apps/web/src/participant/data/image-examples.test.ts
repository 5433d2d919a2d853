import { datasetFault } from '@sotto/learner/dataset';
import type { TaskManifest } from '@sotto/protocol/task';
import { describe, expect, it } from 'vitest';
import { cropOf, datasetOfImages, looksDarkOnLight, pixelsOf } from './image-examples.ts';

const IMAGE = { width: 3, height: 3, channels: 1 } as const;
const TASK = {
  kind: 'image',
  classes: ['no', 'yes'],
  input: { shape: [9], image: IMAGE },
  data: { format: 'idx', scale: 0.5 },
} as unknown as TaskManifest;
const picture = (rim: number, middle: number, label = 0) => ({
  name: 'p',
  label,
  pixels: Uint8Array.from({ length: 9 }, (_, i) => (i === 4 ? middle : rim)),
});

describe('pictures', () => {
  it('become grey by luma, or stay in colour where the task is', () => {
    const rgba = Uint8ClampedArray.of(255, 0, 0, 255, 255, 255, 255, 255);
    expect([...pixelsOf(rgba, 1)]).toEqual([76, 255]);
    expect([...pixelsOf(rgba, 3)]).toEqual([255, 0, 0, 255, 255, 255]);
  });

  it("are cut from their middle in the task's proportions", () => {
    expect(cropOf(120, 90, IMAGE)).toEqual({ x: 15, y: 0, width: 90, height: 90 });
    expect(cropOf(100, 400, { width: 20, height: 10, channels: 1 })).toEqual({ x: 0, y: 175, width: 100, height: 50 });
  });

  it('are taken for ink on paper when most rims are light', () => {
    expect(looksDarkOnLight([picture(250, 10), picture(240, 0), picture(0, 255)], IMAGE)).toBe(true);
    expect(looksDarkOnLight([picture(0, 255), picture(250, 10)], IMAGE)).toBe(false);
    expect(looksDarkOnLight([picture(250, 10)], { ...IMAGE, channels: 3 })).toBe(false);
  });

  it("become a dataset at the task's scale, turned round when asked", () => {
    const examples = [picture(255, 5, 1), picture(250, 0, 0)];
    const dataset = datasetOfImages(examples, TASK, true);
    expect(datasetFault(dataset, 2)).toBeUndefined();
    expect(dataset.scale).toBe(0.5);
    expect([...dataset.labels]).toEqual([1, 0]);
    expect([...dataset.inputs.slice(0, 5)]).toEqual([0, 0, 0, 0, 250]);
    expect(datasetOfImages(examples, TASK, false).inputs[0]).toBe(255);
  });
});
