import { initialModel } from '@sotto/learner/architecture';
import { sha256Hex } from '@sotto/protocol/digest';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { drawSeven, finishRun, openModel } from '../src/model-page.ts';
import { joinHeadless, type Stage, snap, startStage } from '../src/stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({ args: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] });
});

afterAll(() => stage.close());

afterEach(async () => {
  stage.line.mend();
  for (const context of stage.browser.contexts()) await context.close();
});

const learn = async (task: string, rounds: number) => {
  const participants = await joinHeadless(stage, 3, { task, limit: 400 });
  const run = await finishRun(stage, task, rounds);
  for (const participant of participants) await participant.leave();
  return run;
};
const answered = (page: Page) => page.locator('[data-testid=answer][data-answered=true]').waitFor();
const useSample = async (page: Page) => {
  await page.getByRole('button', { name: 'Use sample data' }).click();
  await page.getByTestId('data-ready').waitFor();
};
const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click();

describe('a model of pictures', () => {
  const URL = '/t/mnist?shard=1/20&limit=200&backend=wasm';

  it('is promised before the first round, and offered after it without another visit', async () => {
    const page = await stage.page({ url: URL });
    await page.getByTestId('no-model').waitFor();
    await snap(page, 'model-none');
    await learn('mnist', 2);
    await page.getByRole('button', { name: 'Try the model' }).waitFor();
    await snap(page, 'model-offer');
  });

  it('answers to a drawing, by pointer or keyboard', async () => {
    const page = await stage.page({ url: URL });
    const section = await openModel(page);
    const pad = section.getByRole('application');
    await drawSeven(page, pad);
    await answered(page);
    await snap(page, 'model-draw');
    await section.getByRole('button', { name: 'Clear' }).click();
    await page.locator('[data-testid=answer][data-answered=false]').waitFor();
    await pad.focus();
    await page.keyboard.press('Space');
    for (let step = 0; step < 6; step++) await page.keyboard.press('ArrowDown');
    await answered(page);
  });

  it('answers to a picture, and says of a bad one what is wrong with it', async () => {
    const page = await stage.page({ url: URL });
    const section = await openModel(page);
    await section.getByRole('button', { name: 'Picture' }).click();
    const input = section.locator('input[type=file]');
    const heic = Buffer.from([0, 0, 0, 24, ...Buffer.from('ftypheic'), 0, 0, 0, 0, ...Buffer.from('mif1heic')]);
    await input.setInputFiles({ name: 'IMG_0001.HEIC', mimeType: 'image/heic', buffer: heic });
    await page.getByTestId('attempt-fault').waitFor();
    await snap(page, 'model-picture-fault');
    const picture = await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(200, 300);
      const context = canvas.getContext('2d')!;
      context.fillStyle = '#eee';
      context.fillRect(0, 0, 200, 300);
      context.font = 'bold 180px sans-serif';
      context.fillStyle = '#222';
      context.fillText('3', 50, 210);
      return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
    });
    await input.setInputFiles({ name: 'three.png', mimeType: 'image/png', buffer: Buffer.from(picture) });
    await answered(page);
    expect(await page.getByTestId('attempt-fault').count()).toBe(0);
    await snap(page, 'model-picture');
  });

  it('answers to what the camera sees, which is off again with another way', async () => {
    const page = await stage.page({ url: URL, contextOptions: { permissions: ['camera'] } });
    const section = await openModel(page);
    await section.getByRole('button', { name: 'Camera' }).click();
    await section.getByRole('button', { name: 'Turn on the camera' }).click();
    await answered(page);
    const live = await section.locator('video').evaluateHandle((video: HTMLVideoElement) => video.srcObject);
    await snap(page, 'model-camera');
    await section.getByRole('button', { name: 'Draw' }).click();
    expect(await live.evaluate((stream) => (stream as MediaStream).active)).toBe(false);
    await page.locator('[data-testid=answer][data-answered=false]').waitFor();
  });

  it('is checked on own examples, where there are enough', async () => {
    const page = await stage.page({ url: '/t/mnist?shard=1/20&limit=10&backend=wasm' });
    await openModel(page);
    await tab(page, 'Check it');
    await page.getByTestId('nothing-to-check-on').waitFor();
    await snap(page, 'model-no-examples');
    await useSample(page);
    await page.getByText('too few examples').waitFor();
    await snap(page, 'model-too-few');

    await page.goto(new globalThis.URL(URL, stage.url).href);
    await useSample(page);
    await openModel(page);
    await tab(page, 'Check it');
    await page.getByTestId('confusion').waitFor();
    await snap(page, 'model-check');
  });

  it('is compared with one trained alone, whose training can be ended', async () => {
    // So many, and so slowly, that its one pass can be seen.
    const page = await stage.page({ url: URL.replace('limit=200&backend=wasm', 'limit=3000&backend=cpu') });
    await useSample(page);
    await openModel(page);
    await tab(page, 'Compare');
    // The latest comes first.
    await page.getByLabel('Version').selectOption({ index: 1 });
    await page.getByRole('button', { name: 'Train one on my examples alone' }).click();
    await page.getByText(/Pass \d of/).waitFor();
    await snap(page, 'model-training');
    const cancel = page.getByTestId('own-training').getByRole('button', { name: 'Cancel' });
    if (await cancel.isVisible()) await cancel.click();
    await page.getByRole('button', { name: /Train one on my examples alone|Delete/ }).waitFor();
    const anew = page.getByRole('button', { name: 'Train one on my examples alone' });
    if (await anew.isVisible()) await anew.click();
    await page.getByTestId('side-by-side').waitFor();
    await page.getByRole('button', { name: 'Show it over the rounds' }).click();
    await page.locator('[data-testid=rounds-course][data-points="3"] canvas').waitFor();
    await snap(page, 'model-compared');

    await page.getByLabel('Version').selectOption({ index: 0 });
    expect(await page.getByTestId('own-stale').textContent()).toContain('Yours made 1 pass');
  });

  it('is taken home with the code that opens it', async () => {
    const page = await stage.page({ url: URL });
    await openModel(page);
    await tab(page, 'Download');
    for (const how of await page.getByText('How to use it').all()) await how.click();
    await snap(page, 'model-download');
  });

  it('speaks German', async () => {
    const page = await stage.page({ url: URL, locale: 'de-DE' });
    await page.getByRole('button', { name: 'Modell ausprobieren' }).click();
    await page.locator('[data-testid=workbench][data-computing=ready]').waitFor();
    await drawSeven(page, page.getByTestId('model').getByRole('application'));
    await answered(page);
    await snap(page, 'model-german');
  });

  it('is fetched as soon as there is a connection again', async () => {
    const page = await stage.page({ url: URL });
    await openModel(page);
    await page.context().setOffline(true);
    await page.getByLabel('Version').selectOption('1');
    await page.getByTestId('model-failure').waitFor();
    await snap(page, 'model-offline');
    await page.context().setOffline(false);
    await page.locator('[data-testid=workbench][data-model=ready]').waitFor();
    expect(await page.getByTestId('model-failure').count()).toBe(0);
  });

  it('is thrown away when it is not the one that was published', async () => {
    const page = await stage.page();
    await page.route('**/api/models/*', async (route) => {
      const body = await (await route.fetch()).body();
      body[body.length - 1]! ^= 1;
      await route.fulfill({ body });
    });
    await page.goto(`${stage.url}${URL}`);
    await page.getByRole('button', { name: 'Try the model' }).click();
    expect(await page.getByTestId('model-failure').textContent()).toContain('not the model that was published');
    await page.unroute('**/api/models/*');
    await page.getByTestId('model-failure').getByRole('button', { name: 'Try again' }).click();
    await page.locator('[data-testid=workbench][data-model=ready]').waitFor();
  });

  it('says so when it was made for another task, and can still be taken home', async () => {
    const other = await initialModel(
      JSON.stringify({
        class_name: 'Sequential',
        config: {
          name: 'other',
          layers: [
            {
              class_name: 'Dense',
              config: { name: 'out', units: 2, activation: 'softmax', batch_input_shape: [null, 5] },
            },
          ],
        },
      }),
      1,
    );
    const page = await stage.page();
    await page.route('**/api/models/*', (route) => route.fulfill({ body: Buffer.from(other) }));
    await page.route('**/api/tasks/mnist', async (route) => {
      const view = await (await route.fetch()).json();
      for (const round of view.run.rounds) round.model = sha256Hex(other);
      await route.fulfill({ json: view });
    });
    await page.goto(`${stage.url}${URL}`);
    await page.getByRole('button', { name: 'Try the model' }).click();
    await page.getByText('This version does not fit').waitFor();
    await snap(page, 'model-other');
    await tab(page, 'Download');
    await page.getByRole('button', { name: 'Download safetensors' }).waitFor();
  });
});

describe('a model of tables', () => {
  const URL = '/t/breast-cancer?shard=1/10&backend=wasm';

  it('answers to a form that is checked as it is filled in', async () => {
    await learn('breast-cancer', 1);
    const page = await stage.page({ url: URL, phone: true });
    const section = await openModel(page);
    await page.getByTestId('table-origin').filter({ hasText: 'average' }).waitFor();
    expect(await page.getByTestId('answer').getAttribute('data-answered')).toBe('false');
    await section.getByRole('button', { name: 'Use an example' }).click();
    await page.getByText('whose answer is known').waitFor();
    await answered(page);
    await snap(page, 'model-form');
    // Down in the form the answer stays in sight, and nothing lies over it.
    await section.getByRole('textbox').nth(6).scrollIntoViewIfNeeded();
    await page.evaluate(() => window.scrollBy(0, 250));
    expect(
      await page.locator('[data-over-form]').evaluate((line) => {
        const { top, height } = line.getBoundingClientRect();
        return top === 0 && document.elementFromPoint(100, height / 2) === line;
      }),
    ).toBe(true);

    const radius = section.getByRole('textbox').first();
    await radius.fill('large');
    await page.locator('[data-testid=answer][data-answered=false]').waitFor();
    await section.getByRole('textbox').nth(1).fill('');
    await section.getByRole('textbox').nth(2).fill('-1');
    await page.getByText('This is not a number.').waitFor();
    await page.getByText('A value is missing.').waitFor();
    expect(await radius.getAttribute('aria-invalid')).toBe('true');
    await snap(page, 'model-form-faults');
    await radius.fill('14.2');
    expect(await radius.getAttribute('aria-invalid')).toBeNull();
  });
});

describe('a model of texts', () => {
  it('answers as one writes', async () => {
    await learn('spam', 1);
    const page = await stage.page({ url: '/t/spam?backend=wasm' });
    await openModel(page);
    const text = page.getByLabel('Write or paste a text');
    for (const wordless of ['…', '!!!', '$ 12 😀']) {
      await text.fill(wordless);
      await page.getByText('There is no word in it that the model could know.').waitFor();
    }
    await text.fill('Hello there!');
    await page.getByText('Only 2 words were read').waitFor();
    await text.fill('Congratulations! You have won $1000. Click http://win.example now to claim your free prize.');
    await answered(page);
    await snap(page, 'model-text');
  });
});
