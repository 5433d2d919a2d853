import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import type { Dataset } from '@sotto/learner/dataset';
import { createRandom } from '@sotto/learner/random';
import { writeFolder } from './pictures.ts';

/** Grey pictures of so many pixels a side. */
const SIDE = 12;
export const STRIPES = ['diagonal', 'horizontal', 'vertical'] as const;

/** So far above the noise is a stripe, of 255. */
const STRIPE = 140;
const NOISE = 110;

interface Drawn extends Dataset {
  readonly inputs: Uint8Array;
}

/** Pictures of one stripe each in much noise, as many of each class; the same seed draws the same. */
export function drawStripes(seed: number, ofEach: number): Drawn {
  const random = createRandom(seed);
  const labels = Int32Array.from({ length: STRIPES.length * ofEach }, (_, i) => i % STRIPES.length);
  const inputs = new Uint8Array(labels.length * SIDE * SIDE);
  labels.forEach((label, i) => {
    const at = Math.floor(random() * SIDE);
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++) {
        const across = [(x + y) % SIDE, y, x][label];
        inputs[(i * SIDE + y) * SIDE + x] = NOISE * random() + (across === at ? STRIPE : 0);
      }
  });
  return { inputs, shape: [SIDE, SIDE, 1], scale: 1 / 255, labels };
}

/** As PNG files, in a folder for each class. @returns the folder around them */
export function writeStripes(folder: string, { inputs, labels }: Drawn): string {
  writeFolder(
    folder,
    [...labels].map((label, i) => ({
      name: join(STRIPES[label]!, `${i}.png`),
      mimeType: 'image/png',
      buffer: greyPng(inputs.subarray(i * SIDE ** 2, (i + 1) * SIDE ** 2)),
    })),
  );
  return folder;
}

/** A square of grey bytes as PNG (3rd edition): lines without a filter, in one IDAT. */
function greyPng(pixels: Uint8Array): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE, 0);
  header.writeUInt32BE(SIDE, 4);
  header[8] = 8;
  const lines = Buffer.alloc(SIDE * (SIDE + 1));
  for (let y = 0; y < SIDE; y++) lines.set(pixels.subarray(y * SIDE, (y + 1) * SIDE), y * (SIDE + 1) + 1);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const end = Buffer.alloc(0);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(lines)), chunk('IEND', end)]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
