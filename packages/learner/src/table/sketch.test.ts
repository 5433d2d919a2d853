import { readFile } from 'node:fs/promises';
import { TaskManifest } from '@sotto/protocol/task';
import { describe, expect, it } from 'vitest';
import { columnFrom, proposeColumns } from './column-proposal.ts';
import { sketchTable, type TableSketch } from './sketch.ts';

const quiet = async () => {};
const blobOf = (text: string) => ({ name: 'mine.csv', blob: new Blob([text]) });
const sketched = async (text: string) => (await sketchTable(blobOf(text), quiet)) as TableSketch;
const uses = async (text: string, kind: 'table' | 'text' = 'table') =>
  Object.fromEntries(proposeColumns(await sketched(text), kind).map(({ name, use, note }) => [name, note ?? use]));

const PATIENTS = `patient_id;ward;age;weight;smoker;comment;constant;empty;outcome
${Array.from({ length: 40 }, (_, i) =>
  [
    i + 1,
    ['north', 'south', 'east'][i % 3],
    20 + (i % 17),
    i === 5 ? '' : `${60 + i},5`,
    i % 2,
    `came in on day ${i} and complained about something or other`,
    7,
    '',
    i % 4 === 0 ? 'ill' : 'well',
  ].join(';'),
).join('\n')}`;

describe('the sketch of a table', () => {
  it('counts, averages and spreads its numbers, and lists the values of the rest', async () => {
    const { rows, columns } = await sketched('a,b,c\n1,x,10\n2,x,NA\n4,y,\n5,z,oops\n');
    expect(rows).toBe(4);
    expect(columns[0]).toMatchObject({ present: 4, missing: 0 });
    expect(columns[0]!.numbers).toEqual({
      count: 4,
      mean: 3,
      deviation: Math.sqrt(2.5),
      least: 1,
      most: 5,
      whole: true,
    });
    expect(columns[1]).toMatchObject({
      numbers: null,
      values: [{ value: 'x', count: 2 }, { value: 'y' }, { value: 'z' }],
    });
    expect(columns[2]).toMatchObject({ present: 2, missing: 2, numbers: { count: 1 } });
  });

  it('stays exact where numbers are far from zero and close together', async () => {
    const { columns } = await sketched(`t\n${[4, 7, 13, 16].map((x) => 1_000_000_000 + x).join('\n')}\n`);
    expect(columns[0]!.numbers!.mean).toBe(1_000_000_010);
    expect(columns[0]!.numbers!.deviation).toBeCloseTo(Math.sqrt(22.5), 9);
  });

  it('finds the numbers that a shipped task gives as means and deviations', async () => {
    const folder = new URL('../../../../tasks/breast-cancer/', import.meta.url);
    const task = TaskManifest.parse(JSON.parse(await readFile(new URL('task.json', folder), 'utf8')));
    const sketch = await sketched(await readFile(new URL('train.csv', folder), 'utf8'));
    const proposal = proposeColumns(sketch, 'table');
    expect(proposal.filter(({ use }) => use === 'label').map(({ name }) => name)).toEqual(['diagnosis']);
    expect(proposal.filter(({ use }) => use === 'number')).toHaveLength(30);
    for (const wanted of task.input.columns!) {
      const found = columnFrom(sketch.columns.find(({ name }) => name === wanted.name)!, 'number');
      if (wanted.type !== 'number' || found?.type !== 'number') throw new Error(`${wanted.name} is no number`);
      expect(found.mean / wanted.mean).toBeCloseTo(1, 1);
      expect(found.deviation / wanted.deviation).toBeCloseTo(1, 1);
    }
  });

  it('says of a file without rows that there is none', async () => {
    expect(await sketchTable(blobOf('a,b\n'), quiet)).toMatchObject({ code: 'no_rows' });
  });
});

describe('what columns are for', () => {
  it('is told by what they hold, and why not where they hold nothing', async () => {
    expect(await uses(PATIENTS)).toEqual({
      patient_id: 'it only numbers the rows',
      ward: 'category',
      age: 'number',
      weight: 'number',
      smoker: 'number',
      comment: 'nearly every row has another value',
      constant: 'it is the same in every row',
      empty: 'it is empty',
      outcome: 'label',
    });
  });

  it('takes the column that is called so for the answer, and else the last of few values', async () => {
    const rows = (header: string) => `${header}\n${'1,2,x,a\n3,4,y,b\n5,5,x,a\n7,8,y,b\n'.repeat(3)}`;
    expect(await uses(rows('p,q,class,r'))).toMatchObject({ class: 'label', r: 'category' });
    expect(await uses(rows('p,q,s,r'))).toMatchObject({ s: 'category', r: 'label' });
    expect(await uses(`a,b\n${'0.5,0\n0.7,1\n0.2,0\n'.repeat(4)}`)).toEqual({ a: 'number', b: 'label' });
  });

  it('finds the text of a text task', async () => {
    const mails = `v1,v2,v3\n${'ham,see you tomorrow at the usual place,1\nspam,win a prize now by calling this number,2\n'.repeat(3)}`;
    expect(await uses(mails, 'text')).toEqual({ v1: 'label', v2: 'text', v3: 'none' });
  });

  it('makes columns of the manifest, that fill in where examples lack a value', async () => {
    const { columns } = await sketched(PATIENTS);
    expect(columnFrom(columns[1]!, 'category')).toEqual({
      type: 'category',
      name: 'ward',
      values: ['east', 'north', 'south'],
      missing: 'refuse',
    });
    expect(columnFrom(columns[3]!, 'number')).toMatchObject({ type: 'number', missing: 'fill', mean: 80.3718 });
    expect(columnFrom(columns[6]!, 'number')).toBeNull();
    expect(columnFrom(columns[6]!, 'category')).toBeNull();
  });
});
