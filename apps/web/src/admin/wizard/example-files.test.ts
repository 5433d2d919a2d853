import { describe, expect, it } from 'vitest';
import { classesOfFolders, lookAtPictures, suggestImage } from './example-files.ts';

const png = (width: number, height: number, colour: number) => {
  const bytes = new Uint8Array(45);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, 13);
  bytes.set(new TextEncoder().encode('IHDR'), 12);
  view.setUint32(16, width);
  view.setUint32(20, height);
  bytes[25] = colour;
  bytes.set(new TextEncoder().encode('IEND'), 37);
  return { path: 'a.png', file: new File([bytes], 'a.png') };
};

describe('what files say of an image task', () => {
  it.each<[string[], string[]]>([
    [
      ['leaves/oak/1.png', 'leaves/elm/2.png'],
      ['elm', 'oak'],
    ],
    [
      ['train/oak/1.png', 'test/oak/1.png', 'train/elm/1.png'],
      ['elm', 'oak'],
    ],
    [
      ['10/a.png', '9/a.png', '2/a.png'],
      ['2', '9', '10'],
    ],
    [['all/a.png', 'all/b.png'], []],
    [['a.png'], []],
  ])('takes the folders that differ for classes: %j', (paths, classes) => {
    expect(classesOfFolders(paths)).toEqual(classes);
  });

  it('takes small pictures of one size as they are, and makes others smaller', async () => {
    expect(suggestImage(await lookAtPictures([png(28, 20, 0), png(28, 20, 4)]))).toEqual({
      width: '28',
      height: '20',
      channels: '1',
    });
    expect(suggestImage(await lookAtPictures([png(28, 20, 0), png(30, 20, 2)]))).toEqual({
      width: '64',
      height: '64',
      channels: '3',
    });
    expect(suggestImage(await lookAtPictures([png(1000, 1000, 2)]))?.width).toBe('64');
    expect(suggestImage(await lookAtPictures([{ path: 'a', file: new File(['hello'], 'a') }]))).toBeNull();
  });
});
