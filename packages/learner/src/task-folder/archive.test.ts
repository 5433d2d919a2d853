import { execFileSync } from 'node:child_process';
import { FILE_PART_BYTES, type FileView } from '@sotto/protocol/admin/tasks';
import { TaskManifest } from '@sotto/protocol/task';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { packTask, type TaskFolder, unpackTask } from './archive.ts';
import { uploadFile, uploadTask } from './upload.ts';

const manifest = TaskManifest.parse({
  version: 1,
  id: 'tiny',
  title: 'Tiny',
  summary: 'Tells small from large.',
  kind: 'table',
  classes: ['small', 'large'],
  input: { shape: [1], columns: [{ type: 'number', name: 'a', mean: 0, deviation: 1 }] },
  model: 'model.json',
  data: { format: 'dataset', test: 'held-out.safetensors', label: 'size' },
  card: 'DATA.md',
  training: { optimizer: { name: 'sgd', learningRate: 0.1 }, epochs: 1, batchSize: 4 },
  privacy: { clip: 1, range: 1, exampleCap: 10, minimumCohort: 3 },
  rounds: 2,
});
const bytes = (length: number, by = 1) => new Uint8Array(length).map((_, i) => (i * by) % 251);
const folder: TaskFolder = {
  manifest,
  card: '# Größe',
  model: bytes(300),
  heldOut: bytes(2 * FILE_PART_BYTES + 1),
  sample: null,
  weights: bytes(9),
};

describe('an exported task', () => {
  it('is what it was once it is unpacked, with and without what it may have', () => {
    expect(unpackTask(packTask(folder))).toEqual(folder);
    const full = { ...folder, sample: bytes(50), weights: null };
    expect(unpackTask(packTask(full))).toEqual(full);
  });

  it('is the same file wherever and whenever it is made, in whichever order its fields were written', () => {
    const shuffled = { ...folder, manifest: Object.fromEntries(Object.entries(manifest).reverse()) as TaskManifest };
    expect(packTask(shuffled)).toEqual(packTask(folder));
    const script = `
      import { zipSync } from 'fflate';
      process.stdout.write(Buffer.from(zipSync({ a: new Uint8Array(9) }, { mtime: new Date(1980, 0, 1) })).toString('hex'));`;
    const zips = ['Pacific/Kiritimati', 'America/Los_Angeles'].map((TZ) =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        cwd: import.meta.dirname,
        env: { ...process.env, TZ },
        encoding: 'utf8',
      }),
    );
    expect(new Set(zips).size).toBe(1);
  });

  it('holds nothing else, nothing less and nothing that is not as it should be', () => {
    const text = (value: string) => new TextEncoder().encode(value);
    const files = {
      'task.json': text(JSON.stringify(manifest)),
      'model.json': bytes(3),
      'DATA.md': text('# a'),
      'held-out.safetensors': bytes(3),
    };
    const refusal = (change: Record<string, Uint8Array<ArrayBuffer> | undefined>) => {
      const changed = Object.entries({ ...files, ...change }).filter(
        (entry): entry is [string, Uint8Array<ArrayBuffer>] => entry[1] !== undefined,
      );
      return unpackTask(zipSync(Object.fromEntries(changed)));
    };
    const bad = (message: string) => ({ rejected: 'bad_archive', message: expect.stringContaining(message) as string });
    expect(unpackTask(bytes(100))).toEqual(bad('cannot be read'));
    expect(refusal({ 'evil.sh': bytes(1) })).toEqual(bad('evil.sh does not belong'));
    expect(refusal({ 'model.json': undefined })).toEqual(bad('it needs task.json'));
    expect(refusal({ 'task.json': text('{') })).toEqual(bad('task.json is not JSON'));
    expect(refusal({ 'task.json': text('{"version":1}') })).toEqual(bad('task.json: id: is missing: give text'));
  });
});

describe('uploading', () => {
  /** A coordinator that breaks off before some of the parts. */
  function desk(breaks: readonly number[] = []) {
    const files = new Map<string, number>();
    const whole = new Set<string>();
    const parts: number[] = [];
    let calls = 0;
    const look = async (file: string): Promise<FileView> => ({
      file,
      received: files.get(file) ?? 0,
      whole: whole.has(file),
    });
    return {
      parts,
      look,
      async put(file: string, { from, size }: { from: number; size: number }, part: Uint8Array) {
        calls += 1;
        if (breaks.includes(calls)) throw new Error('the line is dead');
        parts.push(from);
        files.set(file, from + part.length);
        if (from + part.length === size) whole.add(file);
        return look(file);
      },
    };
  }

  it('sends each part once, goes on where it broke off, and sends nothing that is there', async () => {
    const broken = desk([2]);
    await expect(uploadFile(broken, folder.heldOut)).rejects.toThrow('the line is dead');
    const file = await uploadFile(broken, folder.heldOut);
    expect(await uploadFile(broken, folder.heldOut)).toBe(file);
    expect(broken.parts).toEqual([0, FILE_PART_BYTES, 2 * FILE_PART_BYTES]);
  });

  it('of a task says how far it is, and what is to be saved', async () => {
    const told: number[] = [];
    const content = await uploadTask(desk(), folder, (sent, size) => told.push(sent / size));
    expect(content).toMatchObject({ manifest, card: '# Größe', sample: null });
    expect(content.weights).toMatch(/^[0-9a-f]{64}$/);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBe(1);
  });
});
