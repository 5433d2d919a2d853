import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stage, snap, startStage } from '../src/stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});

afterAll(() => stage.close());

describe('before anything is chosen', () => {
  it('the home page lists what is learned here', async () => {
    const page = await stage.page({ url: '/' });
    await page.getByTestId('task-card').first().waitFor();
    await snap(page, 'home');
    expect(stage.complaints).toEqual([]);
  });

  it.each(['mnist', 'breast-cancer'])('the page of %s says what is learned and asks for examples', async (task) => {
    const page = await stage.page({ url: `/t/${task}` });
    await page.getByTestId('participant').waitFor();
    await snap(page, `task-${task}`);
    expect(stage.complaints).toEqual([]);
  });
});
