import { join as joinPath } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { decodeDataset } from '@sotto/learner/dataset-file';
import { holdOut } from '@sotto/learner/held-out';
import { isRejection } from '@sotto/protocol/rejection';
import { contributorsOf, partsOf, type Transcript } from '@sotto/protocol/transcript';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { joinHeadless, type Stage, type Stop, startStage } from './stage.ts';

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
/** How long the round waits for one who vanishes. */
let returnMs: number;
/** The case's run, once it has begun. */
let runName: string | null;
/** Each case's run and the page's device in it. */
const counted: { readonly run: string; readonly device: string }[] = [];

/** Examples that this browser is told to remember. */
const choose = async () => {
  await page.getByRole('button', { name: 'Use sample data' }).click();
  await page.getByTestId('data-ready').waitFor();
  await page.getByRole('checkbox', { name: 'Remember these examples' }).check();
  await page.locator('[data-testid=remember] [data-kept=true]').waitFor();
};
const clickJoin = () => page.getByRole('button', { name: 'Join', exact: true }).click();
const connected = () => page.locator('main[data-connection="connected"]').waitFor();
const join = async () => {
  await choose();
  await clickJoin();
  await connected();
};
/** Everybody is in the cohort. */
const run = async () => {
  const summary = await stage.run({ cohort: { least: OTHERS + 1 }, minimumCohort: 3, durations: { returnMs } });
  runName = summary.run;
  return summary;
};
/** Learns alone, so that the others' updates cannot end the collecting. */
const during = async (name: string) => {
  await join();
  // A phase may be over before anybody looks.
  await page.evaluate((awaited) => {
    const main = document.querySelector('main')!;
    const look = () => main.dataset.phase === awaited && document.body.setAttribute('data-seen', awaited);
    new MutationObserver(look).observe(main, { attributes: true });
  }, name);
  await Promise.all([page.locator(`body[data-seen="${name}"]`).waitFor(), run()]);
};
/** `bytes`: of an update of 350 KB, and the few that go before it. */
const sending = async (bytes: number) => {
  await join();
  await Promise.all([stage.line.stopAfter(bytes), run()]);
  await page.locator('main[data-moment="sending"]').waitFor();
};
const stoppedAt = async (failpoint: string) => {
  await join();
  await expect.poll(() => stage.coordinator.runs.status('mnist')?.present).toBe(OTHERS + 1);
  if (failpoint !== 'append:update:after') othersMayLearn.resolve();
  await run();
  stop = stage.stopAt(failpoint);
  await stop.reached;
};

/** How the page comes there. A run that has not begun by then begins afterwards. */
const MOMENTS = {
  'examples chosen': choose,
  preparing: async () => {
    await choose();
    await clickJoin();
  },
  connecting: async () => {
    await choose();
    stage.line.hold();
    await clickJoin();
    await page.locator('main[data-moment="connecting"]').waitFor();
  },
  waiting: join,
  'giving a one-time key': () => stoppedAt('append:one-time-key:before'),
  learning: () => during('learning'),
  sealing: async () => {
    // It may be over before anybody acts: nothing of the update arrives meanwhile, the smaller messages before it do.
    void stage.line.stopAfter(20_000);
    await during('sealing');
  },
  'sending, next to nothing has arrived': () => sending(30_000),
  'sending, a part has arrived': () => sending(280_000),
  'sending, almost all has arrived': () => sending(335_000),
  'sent, but not told so': () => stoppedAt('append:update:after'),
  sent: () => during('sent'),
  'checking as a member': () => stoppedAt('append:answer:before'),
  'voting as a member': () => stoppedAt('append:vote:before'),
  'opening as a member': () => stoppedAt('append:opening:before'),
  'the new model is published': () => stoppedAt('evaluate:before'),
} satisfies Readonly<Record<string, () => Promise<void>>>;
type Moment = keyof typeof MOMENTS;

/** From then on the update counts, whatever becomes of its sender. */
const COUNTS: readonly Moment[] = [
  'sent, but not told so',
  'sent',
  'checking as a member',
  'voting as a member',
  'opening as a member',
];

const goOn = () => {
  stop?.go();
  stage.line.release();
  othersMayLearn.resolve();
};

/** When the page is loaded anew, when its network is gone for a while, when the coordinator starts again, when the page is closed for good. */
interface Interruptions {
  readonly reload: readonly Moment[];
  readonly outage: readonly Moment[];
  readonly restart: readonly Moment[];
  readonly gone: readonly Moment[];
}

const ALL = Object.keys(MOMENTS) as Moment[];

export const EVERY_INTERRUPTION: Interruptions = {
  reload: ALL,
  outage: ALL,
  restart: [
    'waiting',
    'learning',
    'sending, a part has arrived',
    'sent',
    'checking as a member',
    'opening as a member',
  ],
  gone: [
    'giving a one-time key',
    'learning',
    'sealing',
    'sending, a part has arrived',
    'sent, but not told so',
    'sent',
    'checking as a member',
    'voting as a member',
    'opening as a member',
  ],
};

/** Declares the tests of these interruptions. */
export function testInterruptions({ reload, outage, restart, gone }: Interruptions): void {
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

  describe('one device among four', () => {
    beforeEach(async () => {
      returnMs = 30_000;
      runName = null;
      othersMayLearn = Promise.withResolvers();
      page = await stage.page({ url: PAGE });
      // Whoever insists on leaving while on duty.
      page.on('dialog', (dialog) => void dialog.accept());
    });

    afterEach(async ({ task }) => {
      if (task.result?.state === 'fail' && !page.isClosed()) console.log(await describePage());
      stop?.go();
      othersMayLearn.resolve();
      stage.line.mend();
      stage.line.release();
      await page.context().close();
      for (const { run, state } of stage.coordinator.runs.list())
        if (state === 'running' || state === 'paused') await stage.coordinator.runs.stop(run);
    });

    describe('a reload', () => {
      it.each(reload)('while %s', async (moment) => {
        await MOMENTS[moment]();
        if (moment === 'sent') await reloadOnDuty();
        else await Promise.all([page.reload(), goOn()]);
        // Whoever had joined goes on unasked.
        if (moment === 'examples chosen') {
          await page.getByText(`You left ${EXAMPLES} examples here`).waitFor();
          await page.getByRole('button', { name: 'Use them' }).click();
          await clickJoin();
        }
        await connected();
        await countsOnce();
      });
    });

    describe('a network that is gone for a while', () => {
      it.each(outage)('while %s', async (moment) => {
        await MOMENTS[moment]();
        stage.line.cut();
        goOn();
        await page.locator('main:is([data-stage="apart"], [data-connection="connecting"])').waitFor();
        stage.line.mend();
        // Whoever was still getting ready is told so, and can try again.
        if ((await page.locator('main').getAttribute('data-stage')) === 'apart') await clickJoin();
        await countsOnce();
      });
    });

    describe('a coordinator that starts again', () => {
      it.each(restart)('while %s', async (moment) => {
        await MOMENTS[moment]();
        goOn();
        await stage.restart();
        await countsOnce();
      });
    });

    describe('a page that is closed for good', () => {
      it.each(gone)('while %s', async (moment) => {
        returnMs = 500;
        await MOMENTS[moment]();
        const device = await deviceOf();
        await page.close({ runBeforeUnload: false });
        goOn();
        const { run: name, transcript } = await published();
        const counts = contributorsOf(transcript.body).includes(device);
        expect(counts).toBe(COUNTS.includes(moment));
        expect(contributorsOf(transcript.body)).toHaveLength(OTHERS + (counts ? 1 : 0));
        if (counts) counted.push({ run: name, device });
      });
    });
  });

  it('the store holds one update of the page in each of these rounds', async () => {
    await stage.stop();
    using database = new DatabaseSync(joinPath(stage.folder, 'sotto.sqlite'), { readOnly: true });
    const rows = database.prepare('SELECT event FROM part_events WHERE run = ?');
    for (const { run: name, device } of counted) {
      const events = rows.all(name).map(({ event }) => JSON.parse(String(event)));
      expect(events.filter((event) => event.type === 'update' && event.device === device)).toHaveLength(1);
    }
  });
}

/** Of four devices each is on the committee; the round needs them until it is opened, and closing the tab would cost it. */
async function reloadOnDuty(): Promise<void> {
  await page.locator('main[data-phase="sent"][data-duty="true"]').waitFor();
  await page.reload();
  await page.locator('main[data-phase="sent"]').waitFor();
  expect(await page.locator('main').getAttribute('data-duty')).toBe('true');
  await page.getByTestId('duty').waitFor();
  expect(await page.getByTestId('may-close').count()).toBe(0);
  goOn();
}

/** The round is published with everybody in it, once: by its transcript and by the examples that the opened sum counts. */
async function countsOnce(): Promise<void> {
  const {
    run: name,
    transcript: { body },
  } = await published();
  const device = await deviceOf();
  expect(contributorsOf(body).filter((one) => one === device)).toHaveLength(1);
  expect(contributorsOf(body)).toHaveLength(OTHERS + 1);
  const [{ plan, metadata }] = partsOf(body);
  expect(plan.plan.encoding.metadata[0]!.name).toBe('examples');
  expect(metadata[0]).toBe(await examplesOfAll());
  counted.push({ run: name, device });
  await page.locator('main[data-included="1"]').waitFor();
}

/** The end of the present run's only round; one that has not begun begins now. */
async function published(): Promise<{ run: string; transcript: Transcript }> {
  const { runs, localUrl } = stage.coordinator;
  const name = runName ?? (await run()).run;
  await expect.poll(() => runs.get(name)?.state, { timeout: 60_000 }).toBe('finished');
  const [outcome] = runs.get(name)!.rounds;
  if (outcome?.kind !== 'published') throw new Error(`the round was abandoned: ${outcome?.reason}`);
  const answer = await fetch(`${localUrl}/api/transcripts/${outcome.transcript}`);
  return { run: name, transcript: (await answer.json()) as Transcript };
}

async function deviceOf(): Promise<string> {
  return (await page.locator('main').getAttribute('data-device'))!;
}

/** Where the page stands, for whoever reads why a case failed. */
async function describePage(): Promise<string> {
  const { round, phase, present } = stage.coordinator.runs.status('mnist')!;
  const main = page.locator('main');
  const shown = await main.evaluate((element) => JSON.stringify(element.dataset));
  const problems = await page.getByTestId('problem').allTextContents();
  return `the coordinator is in round ${round}, ${phase}, with ${present} devices; the page: ${shown} ${problems.join('; ')}`;
}

/** What the opened sum must say: the page keeps some of its examples aside. */
async function examplesOfAll(): Promise<number> {
  const answer = await fetch(`${stage.coordinator.localUrl}/api/tasks/mnist/sample?index=0&count=20&limit=${EXAMPLES}`);
  const data = decodeDataset(new Uint8Array(await answer.arrayBuffer()), 10);
  if (isRejection(data)) throw new Error(data.message);
  return OTHERS * 60 + holdOut(data).train.labels.length;
}
