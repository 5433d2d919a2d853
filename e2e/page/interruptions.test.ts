import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { decodeDataset } from '@sotto/learner/dataset-file';
import { holdOut } from '@sotto/learner/held-out';
import { isRejection } from '@sotto/protocol/rejection';
import type { Transcript } from '@sotto/protocol/transcript';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { joinWithSample } from '../src/browser.ts';
import { joinHeadless, type Stage, type Stop, startStage } from '../src/stage.ts';

/**
 * Whatever happens to one participant's page, whenever it happens: the person's examples are not lost, the update counts once, and the
 * round goes on. Three participants in this process take part beside the page; where a moment must last, they or the coordinator wait.
 */

const OTHERS = 3;
const EXAMPLES = 200;
const PAGE = `/t/mnist?shard=1/20&limit=${EXAMPLES}&backend=cpu`;

let stage: Stage;
let page: Page;
let othersMayLearn: PromiseWithResolvers<void>;
let stop: Stop | undefined;
/** Each case's run and the page's device in it. */
const counted: { readonly run: string; readonly device: string }[] = [];

beforeAll(async () => {
  stage = await startStage();
  othersMayLearn = Promise.withResolvers();
  // By a line of their own: cutting the page's is none of their business.
  await joinHeadless(stage, OTHERS, {
    limit: 60,
    url: stage.coordinator.localUrl,
    beforeLearning: () => othersMayLearn.promise,
  });
});

afterAll(() => stage.close());

const chooseSample = async () => {
  await page.getByRole('button', { name: 'Use sample data' }).click();
  await page.getByTestId('data-ready').waitFor();
};
/** Everybody is in the cohort, and one who vanishes is waited for. */
const run = (returnMs = 30_000) =>
  stage.run({ cohort: { least: OTHERS + 1 }, minimumCohort: 3, durations: { returnMs } });
/** Learns alone, so that the others' updates cannot end the collecting. */
const during = async (name: string) => {
  await joinWithSample(page);
  // A phase may be over before anybody looks.
  await page.evaluate((awaited) => {
    const main = document.querySelector('main')!;
    const look = () => main.dataset.phase === awaited && document.body.setAttribute('data-seen', awaited);
    new MutationObserver(look).observe(main, { attributes: true });
  }, name);
  await Promise.all([page.locator(`body[data-seen="${name}"]`).waitFor(), run()]);
};
/** `bytes`: of an update of 650 KB, and the few that go before it. */
const sending = async (bytes: number) => {
  await joinWithSample(page);
  await Promise.all([stage.line.stopAfter(bytes), run()]);
  await page.locator('main[data-moment="sending"]').waitFor();
};
const stoppedAt = async (failpoint: string) => {
  await joinWithSample(page);
  await expect.poll(() => stage.coordinator.runs.status('mnist')?.present).toBe(OTHERS + 1);
  if (failpoint !== 'append:update:after') othersMayLearn.resolve();
  await run();
  stop = stage.stopAt(failpoint);
  await stop.reached;
};

/** How the page comes there. A run that has not begun by then begins afterwards. */
const MOMENTS: Readonly<Record<string, () => Promise<void>>> = {
  'examples chosen': chooseSample,
  preparing: async () => {
    await chooseSample();
    await page.getByRole('button', { name: 'Join', exact: true }).click();
  },
  connecting: async () => {
    await chooseSample();
    stage.line.hold();
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    await page.locator('main[data-moment="connecting"]').waitFor();
  },
  waiting: () => joinWithSample(page),
  'giving a one-time key': () => stoppedAt('append:one-time-key:before'),
  learning: () => during('learning'),
  sealing: () => during('sealing'),
  'sending, next to nothing has arrived': () => sending(30_000),
  'sending, a part has arrived': () => sending(200_000),
  'sending, almost all has arrived': () => sending(640_000),
  'sent, but not told so': () => stoppedAt('append:update:after'),
  sent: () => during('sent'),
  'checking as a member': () => stoppedAt('append:answer:before'),
  'voting as a member': () => stoppedAt('append:vote:before'),
  'opening as a member': () => stoppedAt('append:opening:before'),
  'the new model is published': () => stoppedAt('evaluate:before'),
};

const goOn = () => {
  stop?.go();
  stage.line.release();
  othersMayLearn.resolve();
};

describe('one device among four', () => {
  beforeEach(async () => {
    othersMayLearn = Promise.withResolvers();
    page = await stage.page({ url: PAGE });
    // Whoever insists on leaving while on duty.
    page.on('dialog', (dialog) => void dialog.accept());
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') console.log(await describePage());
    stop?.go();
    othersMayLearn.resolve();
    stage.line.mend();
    stage.line.release();
    await page.context().close();
    for (const { run, state } of stage.coordinator.runs.list())
      if (state === 'running' || state === 'paused') await stage.coordinator.runs.stop(run);
  });

  describe('a reload', () => {
    it.each(Object.entries(MOMENTS))('while %s', async (_, reach) => {
      await reach();
      await Promise.all([page.reload(), goOn()]);
      await joinWithSample(page);
      await countsOnce();
    });
  });

  describe('a network that is gone for a while', () => {
    it.each(Object.entries(MOMENTS))('while %s', async (_, reach) => {
      await reach();
      stage.line.cut();
      goOn();
      await page.locator('main:is([data-stage="apart"], [data-connection="connecting"])').waitFor();
      stage.line.mend();
      if ((await page.locator('main').getAttribute('data-stage')) === 'apart')
        await page.getByRole('button', { name: 'Join' }).click();
      await countsOnce();
    });
  });
});

it('the store holds one update of the page in each of these rounds', async () => {
  await stage.stop();
  using database = new DatabaseSync(join(stage.folder, 'sotto.sqlite'), { readOnly: true });
  const rows = database.prepare('SELECT event FROM round_events WHERE run = ?');
  for (const { run: name, device } of counted) {
    const events = rows.all(name).map(({ event }) => JSON.parse(String(event)));
    expect(events.filter((event) => event.type === 'update' && event.device === device)).toHaveLength(1);
  }
});

/** The round is published with everybody in it, once: by its transcript and by the examples that the opened sum counts. */
async function countsOnce(): Promise<void> {
  const { runs } = stage.coordinator;
  const latest = runs.latest('mnist');
  const { run: name } = latest?.state === 'running' ? latest : await run();
  await expect.poll(() => runs.get(name)?.state, { timeout: 60_000 }).toBe('finished');
  const [outcome] = runs.get(name)!.rounds;
  if (outcome?.kind !== 'published') throw new Error(`the round was abandoned: ${outcome?.reason}`);
  const answer = await fetch(`${stage.coordinator.localUrl}/api/transcripts/${outcome.transcript}`);
  const { body } = (await answer.json()) as Transcript;
  const device = (await page.locator('main').getAttribute('data-device'))!;
  expect(body.contributors.filter((one) => one === device)).toHaveLength(1);
  expect(body.contributors).toHaveLength(OTHERS + 1);
  expect(body.plan.plan.encoding.metadata[0]!.name).toBe('examples');
  expect(body.metadata[0]).toBe(await examplesOfAll());
  counted.push({ run: name, device });
  await page.locator('main[data-included="1"]').waitFor();
}

/** Where the page stands, for whoever reads why a case failed. */
async function describePage(): Promise<string> {
  const { round, phase, present } = stage.coordinator.runs.status('mnist')!;
  const main = page.locator('main');
  const shown = await main.evaluate((element) => `${JSON.stringify(element.dataset)}\n${element.textContent}`);
  return `the coordinator is in round ${round}, ${phase}, with ${present} devices; the page: ${shown}`;
}

/** What the opened sum must say: the page keeps some of its examples aside. */
async function examplesOfAll(): Promise<number> {
  const answer = await fetch(`${stage.coordinator.localUrl}/api/tasks/mnist/sample?index=0&count=20&limit=${EXAMPLES}`);
  const data = decodeDataset(new Uint8Array(await answer.arrayBuffer()), 10);
  if (isRejection(data)) throw new Error(data.message);
  return OTHERS * 60 + holdOut(data).train.labels.length;
}
