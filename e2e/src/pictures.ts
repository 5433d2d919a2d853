import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';

export interface PictureFixture {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

interface Painting {
  readonly width: number;
  readonly height: number;
  readonly type?: 'image/png' | 'image/jpeg' | 'image/webp';
  /** CSS colours, laid over one another: [colour, left, top, width, height] as shares of the picture. None: transparent. */
  readonly rectangles: readonly (readonly [string, number, number, number, number])[];
}

/** A picture file that the browser itself made. */
export async function paintPicture(
  page: Page,
  name: string,
  { width, height, type = 'image/png', rectangles }: Painting,
): Promise<PictureFixture> {
  const bytes = await page.evaluate(
    async ([wide, high, mime, parts]) => {
      const canvas = new OffscreenCanvas(wide, high);
      const context = canvas.getContext('2d')!;
      for (const [colour, x, y, w, h] of parts) {
        context.fillStyle = colour;
        context.fillRect(x * wide, y * high, w * wide, h * high);
      }
      return [...new Uint8Array(await (await canvas.convertToBlob({ type: mime, quality: 0.95 })).arrayBuffer())];
    },
    [width, height, type, rectangles] as const,
  );
  return { name, mimeType: type, buffer: Buffer.from(bytes) };
}

/** A digit's worth of ink on white paper. */
export const INK_ON_PAPER = [
  ['white', 0, 0, 1, 1],
  ['black', 0.4, 0.2, 0.2, 0.6],
] as const;

/** The same JPEG, told by EXIF to be shown turned (6: by a quarter, clockwise). */
export function turnByExif({ name, mimeType, buffer }: PictureFixture, orientation: number): PictureFixture {
  const tiff = Buffer.from([
    ...Buffer.from('Exif\0\0MM\0*\0\0\0\x08', 'latin1'),
    ...[0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0],
  ]);
  const length = tiff.length + 2;
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1, length >> 8, length & 255]), tiff]);
  return { name, mimeType, buffer: Buffer.concat([buffer.subarray(0, 2), segment, buffer.subarray(2)]) };
}

export function fileOf(
  name: string,
  content: string | Uint8Array,
  mimeType = 'application/octet-stream',
): PictureFixture {
  return { name, mimeType, buffer: Buffer.from(content) };
}

/** The beginning of an iPhone's photo. */
export const HEIC = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1');

/** Puts files into a folder, under the paths of their names. */
export function writeFolder(folder: string, files: readonly PictureFixture[]): void {
  for (const { name, buffer } of files) {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, name), buffer);
  }
}
