import { afterAll, beforeAll, expect, it } from 'vitest';
import { joinHeadless, type Stage, startStage } from './src/stage.ts';
import { csvFile, rowsOf, withSemicolons } from './src/tables.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});

afterAll(() => stage.close());

it('learns from a table of somebody’s own, whose columns and classes are written otherwise and one of whose lines is bad', async () => {
  const rows = rowsOf('breast-cancer', 'train.csv').slice(0, 101);
  const own = rows.map((row, i) =>
    row.map((field) =>
      i === 0 ? field.replace('radius_mean', 'r').toUpperCase() : field === 'malignant' ? 'Krebs' : field,
    ),
  );
  own[1]![5] = 'NaN';
  await stage.run({ task: 'breast-cancer' });
  const page = await stage.page({ url: '/t/breast-cancer' });
  await page.locator('[data-source=table]').click();
  await page.locator('input[type=file]').setInputFiles([csvFile('own.csv', withSemicolons(own))]);
  await page.getByTestId('columns-missing').getByRole('combobox').selectOption({ label: 'R' });
  await page.getByTestId('values').getByLabel('Krebs').selectOption('malignant');
  await page.getByTestId('data-ready').getByText('99 examples').waitFor();
  await page.getByTestId('faults').getByText('own.csv, line 2, column "COMPACTNESS_MEAN": "NaN"').waitFor();
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await page.locator('[data-stage=joined]').waitFor();
  await joinHeadless(stage, 2, { task: 'breast-cancer', limit: 20 });
  await page.locator('[data-published="1"][data-included="1"]').waitFor({ timeout: 120_000 });
  expect(stage.complaints).toEqual([]);
});
