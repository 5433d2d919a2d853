import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watchProgress } from '../src/progress.ts';
import { type Stage, snap, startStage } from '../src/stage.ts';
import { csvFile, rowsOf, withSemicolons } from '../src/tables.ts';

let stage: Stage;
let folder: string;
const ROWS = rowsOf('breast-cancer', 'train.csv');
const EXAMPLES = ROWS.length - 1;

beforeAll(async () => {
  stage = await startStage();
  folder = mkdtempSync(join(tmpdir(), 'sotto-tables-'));
});

afterAll(async () => {
  await stage.close();
  rmSync(folder, { recursive: true });
});

async function openSource(task: string, source: 'table' | 'texts', locale?: string): Promise<Page> {
  const page = await stage.page({ url: `/t/${task}`, ...(locale !== undefined && { locale }) });
  await page.locator(`[data-source=${source}]`).click();
  return page;
}

const bring = (page: Page, ...files: ReturnType<typeof csvFile>[]) =>
  page.locator('input[type=file]:not([webkitdirectory])').filter({ visible: false }).last().setInputFiles(files);
const readyOf = (page: Page) => page.getByTestId('data-ready').filter({ visible: true });
const faultsOf = (page: Page) => page.getByTestId('faults').filter({ visible: true });
const fileOf = (page: Page, name: string) => page.getByTestId('table-file').filter({ hasText: name });

/** The table with one field after another changed. */
function changed(...changes: [row: number, column: string, value: string][]): string[][] {
  const rows = ROWS.map((row) => [...row]);
  for (const [row, column, value] of changes) rows[row]![rows[0]!.indexOf(column)] = value;
  return rows;
}

describe('a table', () => {
  it('with columns and classes in its own words is understood once it is said which is which', async () => {
    const page = await openSource('breast-cancer', 'table');
    await snap(page, 'table-empty');
    const own = ROWS.map((row, i) => [
      String(i),
      ...row.map((field) =>
        i === 0
          ? field === 'radius_mean'
            ? 'r1'
            : field.toUpperCase().replaceAll('_', ' ')
          : field === 'malignant'
            ? 'tumour'
            : field === 'benign'
              ? 'healthy'
              : field,
      ),
    ]);
    await bring(page, csvFile('mine.csv', withSemicolons(own)));
    const missing = page.getByTestId('columns-missing');
    await missing.getByText('One column was not found').waitFor();
    await snap(page, 'table-missing');
    await missing.getByRole('combobox').selectOption({ label: 'r1' });
    const values = page.getByTestId('values');
    await values.getByText('(286 rows)').waitFor();
    await snap(page, 'table-values');
    await values.getByLabel('healthy', { exact: false }).selectOption('benign');
    await readyOf(page).getByText('286 examples').waitFor();
    await values.getByLabel('tumour', { exact: false }).selectOption('malignant');
    await readyOf(page).getByText(`${EXAMPLES} examples`).waitFor();
    expect(await faultsOf(page).count()).toBe(0);
    await page.getByText('30 columns found').click();
    await snap(page, 'table-ready');
  });

  it('asks in the person’s language', async () => {
    const page = await openSource('breast-cancer', 'table', 'de-DE');
    await bring(page, csvFile('eigene.csv', changed([0, 'radius_mean', 'r'], [3, 'area_mean', '01.05.2024'])));
    await page.getByTestId('columns-missing').getByText('Eine Spalte fehlt').waitFor();
    await page.getByTestId('columns-missing').getByRole('combobox').selectOption({ label: 'r' });
    await faultsOf(page).getByText('ist ein Datum oder eine Uhrzeit').waitFor();
    await snap(page, 'table-german');
  });

  it('loses only its bad lines, and each is named with line, column, value and what to do', async () => {
    const page = await openSource('breast-cancer', 'table');
    const rows = changed(
      [1, 'radius_mean', 'NaN'],
      [2, 'area_mean', 'Infinity'],
      [3, 'area_mean', '"1,200"'],
      [4, 'area_mean', '2024-05-01'],
      [5, 'texture_mean', ''],
      [6, 'texture_mean', '12 mm'],
      [7, 'diagnosis', 'unsure'],
      [8, 'diagnosis', ''],
      [9, 'texture_mean', 'soft'],
    );
    rows[10] = ['1', '2'];
    rows[11]![0] = '"1"2';
    await bring(page, csvFile('bad.csv', rows));
    await readyOf(page)
      .getByText(`${EXAMPLES - 11} examples`)
      .waitFor();
    const faults = faultsOf(page);
    await faults.getByRole('button', { name: 'Show more' }).click();
    expect(await faults.getByRole('listitem').allTextContents()).toEqual([
      'bad.csv, line 2, column "radius_mean": "NaN" is not a finite number.',
      'bad.csv, line 3, column "area_mean": "Infinity" is not a finite number.',
      'bad.csv, line 4, column "area_mean": "1,200" has marks between thousands, or another decimal mark than the rest. Write it without.',
      'bad.csv, line 5, column "area_mean": "2024-05-01" is a date or time, not a number.',
      'bad.csv, line 6, column "texture_mean": the value is missing.',
      'bad.csv, line 7, column "texture_mean": "12 mm" is not a number alone. Write it without the unit.',
      'bad.csv, line 8, column "diagnosis": "unsure" is not one of the classes benign, malignant.',
      'bad.csv, line 9, column "diagnosis": it does not say which class this is.',
      'bad.csv, line 10, column "texture_mean": "soft" is not a number.',
      'bad.csv, line 11: 2 fields, the header has 31.',
      'bad.csv, line 12: a quotation mark is opened and not closed, or text follows a closing one.',
    ]);
    await snap(page, 'table-faults');
    const download = page.waitForEvent('download');
    await faults.getByRole('button', { name: 'Save this list' }).click();
    const list = readFileSync(await (await download).path(), 'utf8')
      .trim()
      .split('\r\n');
    expect(list[0]).toBe('"file","line","column","what is wrong"');
    expect(list).toHaveLength(12);
  });

  it('with hundreds of columns of other names is asked about without a list of all for each', async () => {
    const page = await openSource('breast-cancer', 'table');
    const names = Array.from({ length: 1500 }, (_, i) => `c${i}`);
    await bring(page, csvFile('wide.csv', [names, names.map((_, i) => String(i))]));
    const missing = page.getByTestId('columns-missing');
    await missing.getByText('31 columns were not found').waitFor();
    expect(await page.locator('option').count()).toBeLessThan(1000);
    for (const [i, name] of ['c7', 'c1499'].entries()) {
      const field = missing.getByRole('combobox').nth(i);
      await field.focus();
      await field.selectOption({ label: name });
    }
    await missing.getByText('29 columns were not found').waitFor();
    expect(await missing.getByRole('combobox').nth(0).locator('option:checked').textContent()).toBe('c7');
    await snap(page, 'table-wide');
    const many = Array.from({ length: 20_001 }, (_, i) => `c${i}`);
    await bring(page, csvFile('genes.csv', [many, many.map((_, i) => String(i))]));
    await faultsOf(page).getByText('among its 20001, and these are too many').waitFor();
  });

  it('that is none is refused kindly', async () => {
    const page = await openSource('breast-cancer', 'table');
    await bring(
      page,
      csvFile('book.xlsx', 'PK\u0003\u0004'),
      csvFile('empty.csv', ''),
      csvFile('header.csv', ROWS.slice(0, 1)),
      csvFile('twice.csv', [
        [...ROWS[0]!, 'radius_mean'],
        [...ROWS[1]!, '1'],
      ]),
    );
    await faultsOf(page).nth(2).waitFor();
    const told = (await faultsOf(page).allTextContents()).join('\n');
    for (const why of ['save it there as csv', 'the file is empty', 'no line below the header'])
      expect(told.toLowerCase()).toContain(why);
    await fileOf(page, 'twice.csv').getByText('One column was not found').waitFor();
    expect(await readyOf(page).count()).toBe(0);
    await snap(page, 'table-refused');
  });

  it('without names for its columns is taken by what they hold, unless somebody says otherwise', async () => {
    const page = await openSource('breast-cancer', 'table');
    const rows = ROWS.slice(1).map(([...fields], i) => [
      842_000 + i,
      fields.pop() === 'benign' ? 'healthy' : 'tumour',
      ...fields,
    ]);
    await bring(page, csvFile('wdbc.data', rows.map((row) => row.join(',')).join('\n')));
    const headless = page.getByTestId('headless');
    await headless.getByText('This file does not name its columns').waitFor();
    const values = page.getByTestId('values');
    await values.getByLabel('healthy', { exact: false }).selectOption('benign');
    await values.getByLabel('tumour', { exact: false }).selectOption('malignant');
    await readyOf(page).getByText(`${EXAMPLES} examples`).waitFor();
    expect(await faultsOf(page).count()).toBe(0);
    await snap(page, 'table-headless');
    await headless.getByRole('checkbox').uncheck();
    await page.getByTestId('columns-missing').getByText('31 columns were not found').waitFor();
    await headless.getByRole('checkbox').check();
    await page.getByText('30 columns found').or(page.getByText('31 columns found')).waitFor();
  });

  it('in an old coding, below a title, is read, and it is said which coding that was', async () => {
    const page = await openSource('breast-cancer', 'table', 'de');
    const text = `Prüfung, Größen\r\n\r\n${withSemicolons(ROWS)}\r\n;;;\r\n`;
    await bring(page, { ...csvFile('alt.csv', ''), buffer: Buffer.from(text, 'latin1') });
    await readyOf(page).getByText(`${EXAMPLES} eigene Beispiele`).waitFor();
    await fileOf(page, 'alt.csv').getByText('Windows-1252').waitFor();
    expect(await faultsOf(page).count()).toBe(0);
    await snap(page, 'table-old-coding');
  });

  it('without one class, or with far more of the other, says what will come of it', async () => {
    const page = await openSource('breast-cancer', 'table');
    const [header, ...rows] = ROWS;
    const of = (kind: string) => rows.filter((row) => row.at(-1) === kind);
    await bring(page, csvFile('benign.csv', [header!, ...of('benign')]));
    await page.getByText('There is no example of malignant').waitFor();
    await snap(page, 'table-one-class');
    await bring(page, csvFile('few.csv', [header!, ...of('malignant').slice(0, 3)]));
    await page.getByText('95 times as many examples of benign as of malignant').waitFor();
    expect(await page.getByTestId('balance-warnings').textContent()).toContain('fewer than 5');
    await snap(page, 'table-unbalanced');
    await page.getByRole('button', { name: 'Remove few.csv' }).click();
    await page.getByText('There is no example of malignant').waitFor();
    await page.getByRole('button', { name: 'Remove benign.csv' }).click();
    await readyOf(page).waitFor({ state: 'detached' });
  });

  it('may be a Parquet file', async () => {
    const page = await openSource('breast-cancer', 'table');
    const [header, ...rows] = ROWS;
    const columnData = header!.map((name, j) => ({
      name,
      data: rows.map((row) => (name === 'diagnosis' ? row[j]! : Number(row[j]))),
      ...(name !== 'diagnosis' && { type: 'DOUBLE' as const }),
    }));
    const buffer = Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 100 }));
    await bring(page, { name: 'mine.parquet', mimeType: '', buffer });
    await readyOf(page).getByText(`${EXAMPLES} examples`).waitFor();
    expect(await faultsOf(page).count()).toBe(0);
  });

  it('of 100,000 rows is read while the page goes on', async () => {
    const page = await openSource('breast-cancer', 'table');
    const [header, ...rows] = ROWS;
    const many = Array.from({ length: 100_000 }, (_, i) => rows[i % rows.length]!.join(','));
    const path = join(folder, 'large.csv');
    writeFileSync(path, `${header!.join(',')}\n${many.join('\n')}\n`);
    const drawn = await watchProgress(page);
    await page.locator('input[type=file]').last().setInputFiles(path);
    await readyOf(page).getByText('100,000 examples').waitFor();
    expect((await drawn()).length).toBeGreaterThan(1);
    await snap(page, 'table-large');
  });
});

describe('texts', () => {
  it('are written here or come from files, and what cannot be used is named', async () => {
    const page = await openSource('spam', 'texts');
    await snap(page, 'texts-empty');
    await page.getByLabel('Write or paste a text').fill('See you at lunch tomorrow?');
    await page.getByRole('button', { name: 'Add it' }).click();
    await readyOf(page).getByText('1 text of your own').waitFor();
    expect(await page.getByLabel('Write or paste a text').inputValue()).toBe('');
    await page.getByLabel('Write or paste a text').fill('???');
    await page.getByRole('button', { name: 'Add it' }).click();
    await faultsOf(page).getByText('there is no text in it').waitFor();
    // What could not be used is not lost.
    expect(await page.getByLabel('Write or paste a text').inputValue()).toBe('???');
    await bring(
      page,
      csvFile('spam_1.txt', 'WIN money now!!! http://win.example'),
      csvFile('spam.eml', 'From: a@example.org\nSubject: Cheap\n\nBuy now'),
      csvFile('letter.txt', 'Who knows'),
    );
    await readyOf(page).getByText('3 texts of your own').waitFor();
    await faultsOf(page).getByText('letter.txt: neither a folder nor its name').waitFor();
    await snap(page, 'texts');
    await page.getByRole('button', { name: 'Remove “Cheap Buy now”' }).click();
    await readyOf(page).getByText('2 texts of your own').waitFor();
    await page.getByRole('button', { name: 'Remove all' }).click();
    await readyOf(page).waitFor({ state: 'detached' });
  });

  it('that were read when somebody stops are kept, and so many as were not are said', async () => {
    const page = await openSource('spam', 'texts');
    const many = join(folder, 'mails');
    mkdirSync(join(many, 'spam'), { recursive: true });
    for (let i = 0; i < 3000; i++) writeFileSync(join(many, 'spam', `${i}.txt`), `Grüße, win ${i}`, 'latin1');
    await page.locator('input[webkitdirectory]').filter({ visible: false }).last().setInputFiles(many);
    await page.getByRole('button', { name: 'Stop' }).click();
    const ended = page.getByTestId('reading-ended');
    await ended.getByText(/Stopped: [\d,]+ texts were not read/).waitFor();
    await ended.getByText(/[\d,]+ files? do(es)? not say how/).waitFor();
    await readyOf(page).waitFor();
    const count = async (text: Promise<string | null>) => Number((await text)!.match(/[\d,]+/)![0].replace(',', ''));
    const unread = await count(ended.getByText('not read').textContent());
    expect((await count(readyOf(page).textContent())) + unread).toBe(3000);
    await snap(page, 'texts-stopped');
  });

  it('come as a table, too, and add up with the others', async () => {
    const page = await openSource('spam', 'texts');
    await page.getByLabel('Write or paste a text').fill('Meeting moved to ten');
    await page.getByRole('button', { name: 'Add it' }).click();
    await readyOf(page).waitFor();
    await page.locator('[data-source=table]').click();
    const table = 'message;is\n"Win; ""now""\nor never";1\nSee you soon;0\n"   ";0\n';
    await bring(page, csvFile('mails.csv', table));
    const missing = page.getByTestId('columns-missing');
    await missing.getByText('2 columns were not found').waitFor();
    await missing.getByRole('combobox').nth(0).selectOption({ label: 'message' });
    await missing.getByRole('combobox').nth(1).selectOption({ label: 'is' });
    const values = page.getByTestId('values');
    await values.getByRole('combobox').nth(0).selectOption('not spam');
    await values.getByRole('combobox').nth(1).selectOption('spam');
    await readyOf(page).getByText('2 examples').waitFor();
    await faultsOf(page).getByText('line 5, column "message": there is no text').waitFor();
    await page.getByTestId('data-total').getByText('In all, 3 examples').waitFor();
    await snap(page, 'texts-table');
  });
});

it('no page complained', () => {
  expect(stage.complaints).toEqual([]);
});
