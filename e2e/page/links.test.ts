import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Stage, snap, startStage } from '../src/stage.ts';

/** Where links lead, and where they lead nowhere. */

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});

afterAll(() => stage.close());

afterEach(async () => {
  for (const context of stage.browser.contexts()) await context.close();
  expect(
    stage.complaints.filter((complaint) => !/status of 404|ERR_FAILED|ERR_EMPTY_RESPONSE/.test(complaint)),
  ).toEqual([]);
});

describe('before anything is chosen', () => {
  it('the home page lists what is learned here', async () => {
    const page = await stage.page({ url: '/' });
    await page.getByTestId('task-card').first().waitFor();
    expect(await page.getByTestId('task-card').count()).toBe(stage.coordinator.tasks.size);
    await snap(page, 'home');
  });

  it.each(['mnist', 'breast-cancer', 'spam'])(
    'the page of %s says what is learned and asks for examples',
    async (task) => {
      const page = await stage.page({ url: `/t/${task}` });
      await page.getByTestId('participant').waitFor();
      expect(await page.getByRole('button', { name: 'Join', exact: true }).isDisabled()).toBe(true);
      await snap(page, `task-${task}`);
    },
  );
});

describe('a link that leads nowhere', () => {
  it.each([
    ['unknown-task', '/t/nothing', 'unknown-task'],
    ['unknown-address', '/nowhere/at-all', 'not-found'],
    ['bad-link', '/t/mnist#study=1234', 'bad-link'],
  ])('is a page of its own: %s', async (name, path, shown) => {
    const page = await stage.page({ url: path });
    await page.getByTestId(shown).waitFor();
    await snap(page, name);
  });

  it('says that the server is away, and goes on when it is back', async () => {
    const page = await stage.page();
    await page.route('**/api/tasks/mnist', (route) => route.abort());
    await page.goto(`${stage.url}/t/mnist`);
    await page.getByTestId('failed-request').waitFor();
    await snap(page, 'server-away');
    await page.unroute('**/api/tasks/mnist');
    await page.getByTestId('participant').waitFor();
  });
});
