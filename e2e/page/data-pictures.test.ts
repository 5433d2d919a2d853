import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileOf, HEIC, INK_ON_PAPER, paintPicture, writeFolder } from '../src/pictures.ts';
import { watchProgress } from '../src/progress.ts';
import { type Stage, snap, startStage } from '../src/stage.ts';

let stage: Stage;
let folder: string;

beforeAll(async () => {
  stage = await startStage({ args: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] });
  folder = mkdtempSync(join(tmpdir(), 'sotto-pictures-'));
});

afterAll(async () => {
  await stage.close();
  rmSync(folder, { recursive: true });
});

/** The page of the digits with one of its sources open. */
async function openSource(source: 'pictures' | 'camera' | 'pad'): Promise<Page> {
  const page = await stage.page({ url: '/t/mnist' });
  await page.locator(`[data-source=${source}]`).click();
  return page;
}

const filesOf = (page: Page) => page.locator('input[type=file]:not([webkitdirectory])');
const readyOf = (page: Page) => page.getByTestId('data-ready').filter({ visible: true });

describe('pictures from files', () => {
  it('take their class from folder or name, and each that cannot be used is named with its reason', async () => {
    const page = await openSource('pictures');
    await snap(page, 'pictures-empty');
    const ink = await paintPicture(page, '', { width: 60, height: 60, rectangles: INK_ON_PAPER });
    const named = (name: string) => ({ ...ink, name });
    const mixed = join(folder, 'mixed');
    writeFolder(mixed, [
      ...['3/a.png', '3/deep/b.png', '7/c.png', '8_d.png', '1.png'].map(named),
      named('unsaid.png'),
      fileOf('2/photo.heic', HEIC),
      fileOf('2/cut.png', ink.buffer.subarray(0, -20)),
      fileOf('2/none.png', ''),
      fileOf('2/drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>'),
      fileOf('2/letter.docx', 'PK'),
      fileOf('.DS_Store', 'x'),
      { ...(await paintPicture(page, '2/dot.png', { width: 1, height: 1, rectangles: [] })) },
    ]);
    await page.locator('input[webkitdirectory]').setInputFiles(mixed);
    await readyOf(page).getByText('5 pictures').waitFor();
    const faults = await page.getByTestId('faults').textContent();
    for (const name of ['unsaid.png', 'photo.heic', 'cut.png', 'none.png', 'drawing.svg', 'letter.docx', 'dot.png'])
      expect(faults).toContain(name);
    expect(faults).not.toContain('DS_Store');
    await snap(page, 'pictures-faults');

    await page.getByTestId('unlabelled').getByRole('combobox').selectOption('5');
    await readyOf(page).getByText('6 pictures').waitFor();
    await page.getByRole('button', { name: 'deep/b.png' }).or(page.locator('button[title$="deep/b.png"]')).click();
    await snap(page, 'pictures-chosen');
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await readyOf(page).getByText('5 pictures').waitFor();
  });

  it('that are all of one colour or mostly cut off are taken, and pointed out', async () => {
    const page = await openSource('pictures');
    const paint = (name: string, width: number, rectangles: Parameters<typeof paintPicture>[2]['rectangles']) =>
      paintPicture(page, name, { width, height: 60, rectangles });
    const files = [
      await paint('3_white.png', 60, [['white', 0, 0, 1, 1]]),
      await paint('4_panorama.png', 600, INK_ON_PAPER),
      await paint('5_good.png', 60, INK_ON_PAPER),
    ];
    await filesOf(page).setInputFiles(files);
    await readyOf(page).getByText('3 pictures').waitFor();
    expect(await page.getByTestId('hints').getByRole('listitem').allTextContents()).toEqual([
      expect.stringContaining('3_white.png: the whole picture has one colour'),
      expect.stringContaining('4_panorama.png: the picture is so long'),
    ]);
    expect(await page.getByTestId('faults').count()).toBe(0);
    await snap(page, 'pictures-hints');
  });

  it('take their class from a table, which is asked about where it is not clear', async () => {
    const page = await openSource('pictures');
    const ink = await paintPicture(page, '', { width: 60, height: 60, rectangles: INK_ON_PAPER });
    await filesOf(page).setInputFiles([
      ...['a.png', 'b.png', 'c.png'].map((name) => ({ ...ink, name })),
      fileOf('labels.csv', 'picture;meaning\na.png;three\nb.png;seven\nd.png;seven\n'),
    ]);
    const form = page.getByTestId('label-table');
    await form.waitFor();
    await form.getByLabel('What “three” means').selectOption('3');
    await form.getByLabel('What “seven” means').selectOption('7');
    await snap(page, 'pictures-table');
    await form.getByRole('button', { name: 'Take 2 pictures' }).click();
    await readyOf(page).getByText('2 pictures').waitFor();
    const faults = await page.getByTestId('faults').textContent();
    expect(faults).toContain('c.png');
    expect(faults).toContain('labels.csv, line 4');
  });

  it('are read by folder beside tables that cannot help, and asked about where their names merely count', async () => {
    const page = await openSource('pictures');
    const ink = await paintPicture(page, '', { width: 60, height: 60, rectangles: INK_ON_PAPER });
    const named = (name: string) => ({ ...ink, name });
    const beside = join(folder, 'beside');
    writeFolder(beside, [...['0/a.png', '1/b.png'].map(named), fileOf('a.csv', 'x,y\n1,2\n'), fileOf('b.csv', 'x\n')]);
    await page.locator('input[webkitdirectory]').setInputFiles(beside);
    await readyOf(page).getByText('2 pictures').waitFor();
    expect(await page.getByTestId('faults').textContent()).toContain('a.csv');

    await filesOf(page).setInputFiles([named('3_a.png'), fileOf('readme.csv', 'x,y\n1,2\n')]);
    await page.getByRole('button', { name: 'Leave the table out' }).click();
    await readyOf(page).getByText('3 pictures').waitFor();

    await filesOf(page).setInputFiles(['4.png', '5.png', '6.png'].map(named));
    await page.getByTestId('unlabelled').getByRole('combobox').selectOption({ label: 'the number in each name' });
    await readyOf(page).getByText('6 pictures').waitFor();

    await filesOf(page).setInputFiles([named('x.png'), fileOf('told.csv', 'fold,file,label\n0,x.png,7\n')]);
    await page.getByTestId('reading-ended').getByText('“label” says what they show').waitFor();
    await readyOf(page).getByText('7 pictures').waitFor();
  });
});

describe('20,000 small pictures', () => {
  const CLASSES = 10;
  const EACH = 2000;

  it('are read while the page goes on drawing, and can be stopped without losing what was read', async () => {
    const page = await openSource('pictures');
    const many = join(folder, 'many');
    const inks = await Promise.all(
      [1, 2, 3, 4].map((place) =>
        paintPicture(page, '', {
          width: 28,
          height: 28,
          rectangles: [
            ['black', 0, 0, 1, 1],
            ['white', place / 6, 0.2, 0.1, 0.6],
          ],
        }),
      ),
    );
    for (let label = 0; label < CLASSES; label++)
      writeFolder(
        many,
        Array.from({ length: EACH }, (_, i) => ({ ...inks[i % inks.length]!, name: `${label}/${i}.png` })),
      );
    const drawn = await watchProgress(page);
    await page.locator('input[webkitdirectory]').setInputFiles(many);
    const reading = page.getByTestId('reading');
    await reading.waitFor();
    // Clicks are answered meanwhile.
    await page.locator('[data-source=pad]').click();
    await page.getByRole('application', { name: 'Drawing pad' }).waitFor();
    await page.locator('[data-source=pictures]').click();
    expect(await reading.isVisible()).toBe(true);
    await snap(page, 'pictures-many');
    await readyOf(page).getByText('20,000 pictures').waitFor({ timeout: 240_000 });
    expect((await drawn()).length).toBeGreaterThan(3);
    await page.getByRole('button', { name: /Show more/ }).click();
    expect(await page.locator('button[title*="/"] canvas').count()).toBe(96);

    await page.locator('input[webkitdirectory]').setInputFiles(many);
    await page.getByTestId('reading').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByTestId('reading').waitFor({ state: 'detached' });
    await readyOf(page)
      .getByText(/2\d,\d{3} pictures/)
      .waitFor();
    await page.getByText(/Stopped: [\d,]+ pictures were not read/).waitFor();
    expect(await page.getByTestId('faults').count()).toBe(0);
  });
});

describe('pictures from the camera', () => {
  it('are recorded while a button is held, and the camera goes off when another source is looked at', async () => {
    const page = await openSource('camera');
    await snap(page, 'camera-off');
    await page.getByRole('button', { name: 'Turn on the camera' }).click();
    await page.locator('video').waitFor();
    const button = page.getByRole('button', { name: /^Record 3/ });
    await button.hover();
    await page.mouse.down();
    await button
      .getByTestId('taken')
      .filter({ hasText: /^[4-9]/ })
      .waitFor();
    await snap(page, 'camera-recording');
    await page.mouse.up();
    await readyOf(page).waitFor();
    await page.getByRole('button', { name: /^Record 7/ }).press(' ');
    await page.getByRole('button', { name: /^Record 7/, pressed: true }).waitFor();
    await page.getByRole('button', { name: /^Record 7 [2-9]/ }).waitFor();
    await page.getByRole('button', { name: /^Record 7/ }).press(' ');
    await snap(page, 'camera-taken');
    await page.locator('[data-source=pad]').click();
    await page.locator('[data-source=camera]').click();
    await page.getByRole('button', { name: 'Turn on the camera' }).waitFor();
    await readyOf(page).waitFor();
  });

  it('are not to be had without permission, without camera, or at an insecure address: each is said', async () => {
    for (const [name, text] of [
      ['NotAllowedError', 'does not allow'],
      ['NotFoundError', 'There is no camera'],
      ['NotReadableError', 'does not answer'],
    ]) {
      const page = await stage.page();
      await page.addInitScript((error) => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', error));
      }, name);
      await page.goto(`${stage.url}/t/mnist`);
      await page.locator('[data-source=camera]').click();
      await page.getByRole('button', { name: 'Turn on the camera' }).click();
      await page.getByTestId('camera-fault').getByText(text!).waitFor();
      if (name === 'NotAllowedError') await snap(page, 'camera-denied');
    }
  });
});

describe('drawings', () => {
  it('are made by pointer or keyboard, seen as the model sees them, added, and not lost without a question', async () => {
    const page = await openSource('pad');
    const pad = page.getByRole('application', { name: 'Drawing pad' });
    const { x, y, width, height } = (await pad.boundingBox())!;
    const at = (px: number, py: number) => page.mouse.move(x + px * width, y + py * height, { steps: 5 });
    await snap(page, 'pad-empty');
    await at(0.3, 0.2);
    await page.mouse.down();
    for (const [px, py] of [
      [0.7, 0.2],
      [0.45, 0.85],
    ] as const)
      await at(px, py);
    await page.mouse.up();
    await page.getByLabel('7', { exact: true }).check();
    await snap(page, 'pad-drawn');
    await page.getByRole('button', { name: 'Add as 7' }).click();
    await readyOf(page).getByText('One drawing').waitFor();

    await pad.focus();
    for (const key of ['Shift+ArrowUp', ' ', 'Shift+ArrowDown', 'Shift+ArrowDown', ' ']) await page.keyboard.press(key);
    await page.getByLabel('1', { exact: true }).check();
    await page.getByRole('button', { name: 'Add as 1' }).click();
    await readyOf(page).getByText('2 drawings').waitFor();
    await snap(page, 'pad-added');
    expect(stage.complaints).toEqual([]);

    // They exist nowhere else.
    const asked = page.waitForEvent('dialog');
    await page.close({ runBeforeUnload: true });
    const question = await asked;
    expect(question.type()).toBe('beforeunload');
    await question.dismiss();
    await readyOf(page).getByText('2 drawings').waitFor();
  });
});
