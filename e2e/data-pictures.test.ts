import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileOf, HEIC, INK_ON_PAPER, paintPicture, turnByExif } from './src/pictures.ts';
import { type Stage, startStage } from './src/stage.ts';

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await startStage({ args: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] });
  page = await stage.page({ url: '/t/mnist' });
});

afterAll(() => stage.close());

const source = (name: 'pictures' | 'camera' | 'pad') => page.locator(`[data-source=${name}]`);
const ready = () => page.getByTestId('data-ready').filter({ visible: true });

/** Grey values of the picture of this name, as the gallery shows it, at points given as shares of its sides. */
function greys(name: string, points: readonly (readonly [number, number])[]): Promise<number[]> {
  return page.locator(`button[title="${name}"] canvas`).evaluate((canvas: HTMLCanvasElement, at) => {
    const { data, width, height } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return at.map(([x, y]) => data[4 * (Math.floor(y * height) * width + Math.floor(x * width))]!);
  }, points);
}

describe('pictures of one’s own', () => {
  it('are shown upright, on white paper, scaled from any size, whatever their names say they are', async () => {
    await source('pictures').click();
    const corner = [
      ['white', 0, 0, 1, 1],
      ['black', 0, 0, 0.5, 0.5],
    ] as const;
    // Fine stripes are grey from afar; leaving pixels out would make them black or white.
    const stripes = Array.from({ length: 560 }, (_, i) => [i % 2 ? 'white' : 'black', i / 560, 0, 1 / 560, 1] as const);
    const jpeg = await paintPicture(page, '1_turned.jpg', {
      width: 80,
      height: 80,
      type: 'image/jpeg',
      rectangles: corner,
    });
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles([
        turnByExif(jpeg, 6),
        await paintPicture(page, '2_clear.png', { width: 60, height: 40, rectangles: [['black', 0.4, 0.4, 0.2, 0.2]] }),
        await paintPicture(page, '3_webp.png', { width: 300, height: 300, type: 'image/webp', rectangles: corner }),
        await paintPicture(page, '4_stripes.png', { width: 560, height: 560, rectangles: stripes }),
        fileOf('5_photo.jpg', HEIC),
      ]);
    await ready().getByText('4 pictures').waitFor();
    expect(await page.getByTestId('faults').textContent()).toContain('HEIC');
    // All are dark on light, and that is undone to see them as they came.
    await page.getByRole('checkbox', { name: 'dark on light' }).uncheck();
    const [upperLeft, upperRight] = await greys('1_turned.jpg', [
      [0.25, 0.25],
      [0.75, 0.25],
    ]);
    expect(upperLeft).toBeGreaterThan(230);
    expect(upperRight).toBeLessThan(25);
    expect(await greys('2_clear.png', [[0.1, 0.1]])).toEqual([255]);
    expect((await greys('3_webp.png', [[0.2, 0.2]]))[0]).toBeLessThan(25);
    const [stripe] = await greys('4_stripes.png', [[0.5, 0.5]]);
    expect(stripe).toBeGreaterThan(110);
    expect(stripe).toBeLessThan(145);
  });

  it('take their class from a table dropped among them', async () => {
    const ink = await paintPicture(page, '', { width: 40, height: 40, rectangles: INK_ON_PAPER });
    const transfer = await page.evaluateHandle(
      ([bytes]) => {
        const files = new DataTransfer();
        for (const name of ['a.png', 'b.png']) files.items.add(new File([Uint8Array.from(bytes)], name));
        files.items.add(new File(['file,digit\na.png,7\nb.png,9\nc.png,1\n'], 'labels.csv'));
        return files;
      },
      [[...ink.buffer]] as const,
    );
    const target = page.getByRole('button', { name: 'Choose images' });
    for (const type of ['dragenter', 'dragover', 'drop']) await target.dispatchEvent(type, { dataTransfer: transfer });
    await ready().getByText('6 pictures').waitFor();
    expect(await page.getByTestId('faults').textContent()).toContain('labels.csv, line 4');
    await page.locator('button[title="a.png"]').getByText('7').waitFor();
    await page.locator('button[title="b.png"]').getByText('9').waitFor();
  });

  it('can be given another class or removed one by one', async () => {
    await page.locator('button[title="a.png"]').click();
    await page.getByRole('combobox', { name: 'They show' }).selectOption('2');
    await page.locator('button[title="a.png"]').getByText('2').waitFor();
    await page.locator('button[title="b.png"]').click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await ready().getByText('5 pictures').waitFor();
  });
});

it('the camera records a class for as long as its button is held', async () => {
  await source('camera').click();
  await page.getByRole('button', { name: 'Turn on the camera' }).click();
  const button = page.getByRole('button', { name: /^Record 3/ });
  await button.hover();
  await page.mouse.down();
  await button
    .getByTestId('taken')
    .filter({ hasText: /^[2-9]/ })
    .waitFor();
  await page.mouse.up();
  await ready()
    .getByText(/pictures taken/)
    .waitFor();
});

it('what is drawn is added, and all sources add up', async () => {
  await source('pad').click();
  const { x, y, width, height } = (await page.getByRole('application').boundingBox())!;
  await page.mouse.move(x + width * 0.5, y + height * 0.2);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.5, y + height * 0.8, { steps: 4 });
  await page.mouse.up();
  await page.getByRole('radio', { name: '1', exact: true }).check();
  await page.getByRole('button', { name: 'Add as 1' }).click();
  await ready().getByText('One drawing').waitFor();
  const { count } = await page.getByTestId('data-total').evaluate((total) => ({ count: total.textContent }));
  expect(Number(/\d+/.exec(count ?? '')?.[0])).toBeGreaterThanOrEqual(5 + 2 + 1);
  expect(stage.complaints).toEqual([]);
});
