import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../src/metrics-out/crc32c.ts';
import { formatCsv } from '../../src/metrics-out/csv.ts';
import { initialScalars, roundScalars } from '../../src/metrics-out/scalars.ts';
import { runAsCsv, runAsJsonLines } from '../../src/metrics-out/tables.ts';
import { eventFile, eventFileName, runAsEvents } from '../../src/metrics-out/tensorboard.ts';
import known from './event-files.json' with { type: 'json' };
import { abandonedRound, BEGUN, publishedRound, runOf } from './runs.ts';

const run = runOf([publishedRound(1), abandonedRound(2, 'too_few'), publishedRound(3, { epsilon: 0.5 })]);

describe('CSV', () => {
  it('has a heading, the model a run began with as round 0, and a row a round, abandoned ones with the reason', () => {
    const [heading, ...rows] = runAsCsv(run).trimEnd().split('\r\n');
    const columns = heading!.split(',');
    const table = rows.map((row) => Object.fromEntries(row.split(',').map((cell, i) => [columns[i]!, cell])));
    expect(table).toHaveLength(4);
    for (const row of table) expect(row).toMatchObject({ task: 'numbers', run: 'numbers-0a1b2c3d' });
    expect(table[0]).toMatchObject({ round: '0', outcome: 'initial', test_accuracy: '0.1', contributors: '' });
    expect(table[1]).toMatchObject({
      round: '1',
      outcome: 'published',
      started: '2026-05-04T12:00:01.000Z',
      seconds: '0.5',
      test_accuracy: '0.51',
      train_accuracy: '0.75',
      train_loss: '0.625',
      collecting_seconds: '0.25',
      checking_seconds: '',
      upload_bytes: '12345',
      epsilon: '',
    });
    expect(table[2]).toMatchObject({ round: '2', outcome: 'abandoned', reason: 'too_few', test_accuracy: '' });
    expect(table[3]).toMatchObject({ round: '3', epsilon: '0.5' });
  });

  it('quotes what has commas, quotes or line breaks in it, and defuses what a spreadsheet would run', () => {
    const rows = [
      { a: 'x,y', b: 'say "no"' },
      { a: 'two\nlines', b: '=HYPERLINK("http://x")' },
      { a: -1.5, b: null },
      { a: '@sum', b: '-1' },
    ];
    expect(formatCsv(['a', 'b'], rows)).toBe(
      `a,b\r\n"x,y","say ""no"""\r\n"two\nlines","'=HYPERLINK(""http://x"")"\r\n-1.5,\r\n'@sum,'-1\r\n`,
    );
  });
});

describe('lines of JSON', () => {
  it('tell the run and its settings first, then each round whole', () => {
    const lines = runAsJsonLines(run)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatchObject({ kind: 'run', run: run.run, config: { strategy: { name: 'FedAvgM' } } });
    expect(lines[0]).not.toHaveProperty('rounds');
    expect(lines[1]).toEqual({ run: run.run, ...run.rounds[0] });
    expect(lines[2]).toMatchObject({ kind: 'abandoned', reason: 'too_few' });
  });
});

describe('curves', () => {
  it('have what is known of a round, and nothing that is not', () => {
    expect(initialScalars(run).map(({ tag, value, step }) => [tag, value, step])).toEqual([
      ['test/accuracy', 0.1, 0],
      ['test/loss', 2.25, 0],
    ]);
    const tags = (round: number) => roundScalars(run.rounds[round]!).map(({ tag }) => tag);
    expect(tags(0)).toEqual([
      'test/accuracy',
      'test/loss',
      'train/accuracy',
      'train/loss',
      'round/abandoned',
      'round/seconds',
      'round/contributors',
      'round/upload_bytes',
      'phase/collecting_seconds',
      'phase/opening_seconds',
    ]);
    expect(tags(1)).toEqual(['round/abandoned', 'round/seconds']);
    expect(roundScalars(run.rounds[2]!).at(-1)).toEqual({
      tag: 'privacy/epsilon',
      value: 0.5,
      step: 3,
      at: BEGUN + 3500,
    });
  });
});

describe('TensorBoard', () => {
  it.each(known.cases)('event files are what tensorboard writes: $name', ({ scalars, file }) => {
    expect(Buffer.from(eventFile(known.begun, scalars)).toString('hex')).toBe(file);
  });

  it('checksums are CRC-32C', () => {
    // RFC 3720, B.4.
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  });

  it('a run becomes one file of a name that TensorBoard looks for', () => {
    expect(eventFileName(run)).toBe(`events.out.tfevents.${BEGUN / 1000}.numbers-0a1b2c3d`);
    const points = [...initialScalars(run), ...run.rounds.flatMap(roundScalars)];
    expect(runAsEvents(run)).toEqual(eventFile(BEGUN, points));
  });
});
