import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { joinWithSample } from './src/browser.ts';
import { downloadLedger, expectListed } from './src/ledger-file.ts';
import { joinSlow } from './src/slow.ts';
import { joinHeadless, type Stage, startStage } from './src/stage.ts';
import { recordTraffic, type Traffic } from './src/traffic.ts';
import type { HttpRequest } from './src/wire.ts';

let stage: Stage;
let traffic: Traffic;

beforeAll(async () => {
  traffic = await recordTraffic();
  stage = await startStage({ settings: { SOTTO_PUBLIC_URL: traffic.url } });
  traffic.target = Number(new URL(stage.coordinator.localUrl).port);
});

afterAll(async () => {
  await stage.close();
  await traffic.close();
});

it('lists every message that a proxy saw leave a page, with size and digest and in order, over a reload in mid-round; nothing else left', async () => {
  const url = stage.coordinator.localUrl;
  await joinHeadless(stage, 2, { limit: 60, url });
  const slow = await joinSlow(stage, url);
  const page = await stage.page();
  await page.goto(`${traffic.url}/t/mnist?shard=9/20&limit=60&backend=wasm`);
  await joinWithSample(page);
  // One of four waits in each round until it is let go: the page is not hurried, and may take its update back.
  await stage.run({ rounds: 2, cohort: { least: 4 } });
  await page.locator('main[data-phase="sent"]').waitFor();
  const asked = new Set<string>();
  page.on('request', (request) => asked.add(request.url().slice(traffic.url.length)));
  await page.reload();
  await takePartAgain(page);
  await page.locator('main[data-phase="sent"]').waitFor();
  // Whoever still wonders when the round goes on is told that it is too late.
  await page.getByRole('button', { name: 'Take my update back' }).click();
  slow.letGo();
  await page.getByRole('alertdialog', { name: /Too late|Nothing left/ }).waitFor();
  await page.getByRole('button', { name: 'OK' }).click();
  await page.locator('main[data-included="1"]').waitFor();
  await page.locator('main[data-round="2"][data-phase="sent"]').waitFor();
  await page.getByRole('button', { name: 'Take my update back' }).click();
  await page.getByRole('button', { name: 'Take it back' }).click();
  await page.locator('main[data-moment="withdrawn"]').waitFor();
  slow.letGo();
  await page.locator('main[data-published="2"]').waitFor();

  await page.getByRole('button', { name: 'Check again' }).first().click();
  await page.getByText('Checked just now').waitFor();
  const documents = () => [...asked].filter((path) => /^\/(api\/|build\.json|$)/.test(path)).sort();
  expect(documents()).toContain('/api/tasks/mnist/sample?index=8&count=20&by=iid&limit=60');
  expect(documents().filter((path) => path.startsWith('/api/transcripts/')).length).toBeGreaterThanOrEqual(2);
  await expect.poll(() => askedFor(page)).toEqual(expect.arrayContaining(documents()));

  const listed = await downloadLedger(page);
  await page.context().close();
  const heard = traffic.heard();
  const seen = heard.flatMap(({ messages }) => messages);
  expectListed(listed, seen);
  expect(new Set(seen.map(({ name }) => name))).toEqual(
    new Set([
      'hello',
      'one-time-key',
      'upload',
      'part',
      'commit',
      'withdraw',
      'candidates',
      'answer',
      'vote',
      'opening',
    ]),
  );
  expect(listed.filter(({ message }) => message === 'hello').length).toBeGreaterThanOrEqual(2);
  for (const { message, round } of listed) expect(round === null, message).toBe(message === 'hello');

  // Besides, Socket.IO's own framing, and requests for files by name that carry nothing.
  expect([...new Set(heard.flatMap(({ framing }) => framing))].filter((kind) => kind.startsWith('unknown'))).toEqual(
    [],
  );
  for (const request of heard.flatMap(({ requests }) => requests)) expectBare(request);
});

/** The addresses that the page itself says it has asked for. */
function askedFor(page: Page): Promise<string[]> {
  return page
    .getByTestId('asked')
    .locator('li')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-path') ?? ''));
}

const FILES =
  /^\/(t\/mnist(\?shard=9\/20&limit=60&backend=wasm)?|assets\/[\w.-]+|icons\/[\w.-]+|(favicon\.ico|mark\.svg|sw\.js|manifest\.webmanifest|build\.json|index\.html)?(\?__WB_REVISION__=\w+)?|api\/tasks\/mnist(\/sample\?index=8&count=20&by=iid&limit=60)?|api\/(plans|models|transcripts)\/[0-9a-f]{64}|socket\.io\/\?EIO=4&transport=websocket)$/;
/** What browsers say with any request. */
const HEADERS =
  /^(host|connection|user-agent|accept|accept-encoding|accept-language|referer|origin|cache-control|pragma|upgrade|upgrade-insecure-requests|if-none-match|if-modified-since|range|service-worker|purpose|dnt|sec-[\w-]+)$/;

function expectBare({ method, target, headers, bodyBytes }: HttpRequest): void {
  expect(method, target).toBe('GET');
  expect(target).toMatch(FILES);
  expect(bodyBytes, target).toBe(0);
  expect([...headers.keys()].filter((name) => !HEADERS.test(name))).toEqual([]);
}

/** After a reload: by itself, where the page goes on by itself, else as a person does. */
async function takePartAgain(page: Page): Promise<void> {
  await page
    .locator('main[data-stage="joined"]')
    .or(page.getByRole('button', { name: 'Use sample data' }))
    .first()
    .waitFor();
  if ((await page.locator('main').getAttribute('data-stage')) === 'apart') await joinWithSample(page);
}
