import { expect, it } from 'vitest';
import { namedFiles } from './dropped-files.ts';

const at = (path: string) => Object.assign(new File([], path.split('/').at(-1)!), { path });

it("files keep their folders, and operating systems' own are left out", () => {
  const files = [
    './a.png',
    '/dogs/b.png',
    'dogs/.DS_Store',
    'x/Thumbs.db',
    'desktop.ini',
    '__MACOSX/dogs/._b.png',
    'dogs/._b.png',
  ];
  expect(namedFiles(files.map(at)).map(({ path }) => path)).toEqual(['a.png', 'dogs/b.png']);
});
