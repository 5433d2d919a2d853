import { describe, expect, it } from 'vitest';
import { describeFault, fault } from '../fault.ts';
import { classOfPath } from './classes.ts';
import { mostPictures, readAllPictures } from './client.ts';
import { type DecodePicture, type InspectPicture, type PictureFile, readPictures } from './reading.ts';

const TASK = { image: { width: 1, height: 2, channels: 1 }, classes: ['cat', 'dog'] } as const;
const file = (path: string, label: number | null = null): PictureFile => ({ path, file: new Blob(), label });
/** Each picture's pixels are the number in its name; later ones are done sooner. */
const decode: DecodePicture = async (path) => {
  const number = Number(/\d+/.exec(path)?.[0] ?? 0);
  for (let wait = 100 - number; wait > 0; wait--) await null;
  return path.includes('bad')
    ? fault('picture_unknown', { file: path })
    : { pixels: Uint8Array.of(number, number), hint: number === 4 ? fault('picture_plain', { file: path }) : null };
};
const read = (files: readonly PictureFile[]) => readPictures(files, TASK, decode, inspect);
const inspect: InspectPicture = async (path) => (path.endsWith('.pdf') ? fault('picture_pdf', { file: path }) : null);
const NEVER = new AbortController().signal;

describe('reading pictures', () => {
  it('keeps their order, names each bad one, and sets those apart of which nobody says what they show', async () => {
    const files = [file('cat/1'), file('x2'), file('read.pdf'), file('dog/bad3'), file('dog/4'), file('y5', 0)];
    const batch = await read(files.map((one) => ({ ...one, label: one.label ?? classOfPath(one.path, TASK.classes) })));
    expect([...batch.pixels]).toEqual([1, 1, 4, 4, 5, 5]);
    expect(batch.labels).toEqual([0, 1, 0]);
    expect(batch.names).toEqual(['cat/1', 'dog/4', 'y5']);
    expect(batch.faults.first.map(describeFault)).toEqual([
      expect.stringContaining('read.pdf: this is a PDF'),
      expect.stringContaining('dog/bad3'),
    ]);
    expect(batch.hints.first).toEqual([fault('picture_plain', { file: 'dog/4' })]);
    expect(batch.unlabelled).toEqual([1]);
  });

  const many = Array.from({ length: 300 }, (_, i) => file(`${i % 2 ? 'cat' : 'dog'}/${i}`));

  it('goes on batch by batch to the last, telling how far it is', async () => {
    const told: number[] = [];
    const all = await readAllPictures([...many, file('where')], TASK, read, {
      room: 1000,
      onProgress: (done) => told.push(done),
      signal: NEVER,
    });
    expect(all.names).toEqual(many.map(({ path }) => path));
    expect(all.pixels.length).toBe(600);
    expect(all.unread).toBe(0);
    expect(all.hints.first).toEqual([fault('picture_plain', { file: 'dog/4' })]);
    expect(all.unlabelled.map(({ path }) => path)).toEqual(['where']);
    expect(told.at(0)).toBe(0);
    expect(told.at(-1)).toBe(301);
    expect(told).toEqual([...told].sort((a, b) => a - b));
  });

  it('takes names that merely count for no classes, however many there are between them', async () => {
    const digits = { ...TASK, classes: ['1', '2', '3'] };
    const counted = Array.from({ length: 40 }, (_, i) => file(`${i + 1}.png`));
    const all = await readAllPictures(counted, digits, read, { room: 100, onProgress: () => {}, signal: NEVER });
    expect(all.unlabelled).toHaveLength(40);
  });

  it('ends when asked to, and keeps what was read until then', async () => {
    const stop = new AbortController();
    const all = await readAllPictures(many, TASK, read, {
      room: 1000,
      onProgress: (done) => done > 0 && stop.abort(),
      signal: stop.signal,
    });
    expect(all.labels.length).toBeGreaterThan(0);
    expect(all.labels.length).toBeLessThan(300);
    expect(all.unread).toBe(300 - all.labels.length);
    expect(all.faults.count).toBe(0);
  });

  it('takes no more than fit, and names each of the others', async () => {
    const all = await readAllPictures(many, TASK, read, { room: 70, onProgress: () => {}, signal: NEVER });
    expect(all.labels.length).toBe(70);
    expect(all.pixels.length).toBe(140);
    expect(all.faults.count).toBe(230);
    expect(describeFault(all.faults.first[0]!)).toContain(many[70]!.path);
    expect(mostPictures(784)).toBeGreaterThan(20_000);
  });
});
