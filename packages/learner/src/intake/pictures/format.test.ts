import { describe, expect, it } from 'vitest';
import { type PictureFormat, pictureFormat } from './format.ts';

const ascii = (text: string) => [...text].map((char) => char.charCodeAt(0));
const big = (value: number, bytes = 4) =>
  Array.from({ length: bytes }, (_, i) => (value / 256 ** (bytes - 1 - i)) & 255);
const little = (value: number, bytes = 4) => big(value, bytes).reverse();
const chunk = (name: string, data: number[]) => [...big(data.length), ...ascii(name), ...data, 0, 0, 0, 0];
const box = (name: string, data: number[]) => [...big(data.length + 8), ...ascii(name), ...data];

const PNG = [...ascii('\x89PNG\r\n\x1a\n'), ...chunk('IHDR', [...big(40), ...big(30), 8, 0, 0, 0, 0])];
const IEND = chunk('IEND', []);
const sof = [0xff, 0xc2, ...big(11, 2), 8, ...big(30, 2), ...big(40, 2), 1, 1, 0x11, 0];
const JPEG = [
  0xff,
  0xd8,
  0xff,
  0xe1,
  ...big(6, 2),
  0xff,
  0xd9,
  0,
  0,
  ...sof,
  0xff,
  0xda,
  ...big(2, 2),
  1,
  0xff,
  0,
  9,
  0xff,
  0xd3,
  7,
];
const riff = (data: number[]) => [...ascii('RIFF'), ...little(data.length + 4), ...ascii('WEBP'), ...data];
const vp8x = (flags: number) =>
  riff([...ascii('VP8X'), ...little(10), flags, 0, 0, 0, ...little(39, 3), ...little(29, 3)]);
const frame = [0x2c, 0, 0, 0, 0, ...little(1, 2), ...little(1, 2), 0, 2, 1, 0x44, 0];
const gif = (...frames: number[][]) => [
  ...ascii('GIF89a'),
  ...little(40, 2),
  ...little(30, 2),
  0x80,
  0,
  0,
  0,
  0,
  0,
  9,
  9,
  9,
  ...frames.flat(),
];
const bmp = [
  ...ascii('BM'),
  ...little(26),
  0,
  0,
  0,
  0,
  ...little(26),
  ...little(12),
  ...little(40),
  ...little(-30 >>> 0),
];
const ftyp = (...brands: string[]) =>
  box('ftyp', [...ascii(brands[0]!), 0, 0, 0, 0, ...brands.slice(1).flatMap(ascii)]);
const ispe = (width: number, height: number) => box('ispe', [...big(0), ...big(width), ...big(height)]);

const SIZE = { width: 40, height: 30 };
const still = (name: PictureFormat['name'], size: PictureFormat['size'] = SIZE): PictureFormat => ({
  name,
  size,
  animated: false,
  whole: true,
});
const of = (bytes: number[]) => pictureFormat(Uint8Array.from(bytes));

describe('the bytes of a picture', () => {
  it.each<[string, number[], PictureFormat | null]>([
    ['a PNG', [...PNG, ...IEND], still('PNG')],
    ['a PNG cut short', PNG, { ...still('PNG'), whole: false }],
    [
      'a PNG that moves',
      [...PNG, ...chunk('acTL', [...big(3), ...big(0)]), ...IEND],
      { ...still('PNG'), animated: true },
    ],
    ['a JPEG, its EXIF thumbnail and restart markers apart', [...JPEG, 0xff, 0xd9], still('JPEG')],
    ['a JPEG with a film behind it', [...JPEG, 0xff, 0xd9, 1, 2, 3], still('JPEG')],
    ['a JPEG cut short', JPEG, { ...still('JPEG'), whole: false }],
    ['a WebP', vp8x(0), still('WebP')],
    ['a WebP that moves', vp8x(2), { ...still('WebP'), animated: true }],
    ['a WebP cut short', vp8x(0).with(4, 99), { ...still('WebP'), whole: false }],
    [
      'a lossless WebP',
      riff([...ascii('VP8L'), ...little(9), 0x2f, ...little((29 << 14) | 39), 0, 0, 0, 0, 0, 0]),
      still('WebP'),
    ],
    [
      'a lossy WebP',
      riff([...ascii('VP8 '), ...little(10), 0, 0, 0, 0x9d, 1, 0x2a, ...little(40, 2), ...little(30, 2)]),
      still('WebP'),
    ],
    ['a GIF', [...gif(frame), 0x3b], still('GIF')],
    ['a GIF that moves', [...gif([0x21, 0xf9, 1, 0, 0], frame, frame), 0x3b], { ...still('GIF'), animated: true }],
    ['a GIF cut short', gif(frame), { ...still('GIF'), whole: false }],
    ['a BMP, from top to bottom', bmp, still('BMP')],
    [
      'an AVIF of tiles',
      [...ftyp('avif', 'mif1'), ...box('meta', [...ispe(20, 30), ...ispe(40, 30)]), ...box('mdat', [1])],
      still('AVIF'),
    ],
    [
      'an AVIF cut short',
      [...ftyp('avif'), ...box('mdat', [1, 2, 3]).slice(0, -1)],
      { ...still('AVIF', null), whole: false },
    ],
    ['a HEIC', [...ftyp('heic', 'mif1'), ...box('meta', [])], still('HEIC', null)],
    ['a HEIF of another camera', ftyp('mif1', 'heix'), still('HEIC', null)],
    ['an SVG behind its prologue', ascii('\n<?xml version="1.0"?>\n<!-- made --><svg xmlns="">'), still('SVG', null)],
    ['a film', ftyp('isom', 'mp42'), null],
    ['a web page', ascii('<!DOCTYPE html><html><svg>'), null],
    ['nothing', [], null],
  ])('of %s are known', (_, bytes, expected) => {
    expect(of(bytes)).toEqual(expected);
  });

  it('cut anywhere or changed anywhere never make it throw or hang', () => {
    for (const whole of [
      [...PNG, ...IEND],
      [...JPEG, 0xff, 0xd9],
      vp8x(0),
      [...gif(frame), 0x3b],
      bmp,
      ftyp('avif', 'mif1'),
    ])
      for (let at = 0; at < whole.length; at++) {
        of(whole.slice(0, at));
        for (const value of [0, 1, 255]) of(whole.with(at, value));
      }
  });
});
