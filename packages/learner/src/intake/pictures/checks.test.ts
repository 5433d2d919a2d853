import { expect, it } from 'vitest';
import { checkPicture } from './checks.ts';

const IMAGE = { width: 28, height: 28, channels: 1 } as const;

it.each([
  ['picture_tiff', 'II*\0'],
  ['picture_tiff', 'MM\0*'],
  ['picture_pdf', '%PDF-1.7'],
  ['picture_zip', 'PK\x03\x04'],
  ['picture_unknown', 'MZ'],
])('what is no picture is told from others, with what to do: %s', (code, begin) => {
  expect(checkPicture('3.png', new TextEncoder().encode(begin), IMAGE)).toMatchObject({ code });
});
