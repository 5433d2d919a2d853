import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RequestOf } from '@sotto/protocol/messages';
import { contributorsOf, type Transcript } from '@sotto/protocol/transcript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { joinWithSample } from '../src/browser.ts';
import { downloadLedger, expectListed } from '../src/ledger-file.ts';
import { joinHeadless, type Stage, startStage } from '../src/stage.ts';
import { recordTraffic, type Traffic } from '../src/traffic.ts';
import type { Message } from '../src/wire.ts';

/** Nothing passes any more, although every socket stays open: a flight mode, a lift, a tunnel. */

let stage: Stage;
let traffic: Traffic;

beforeAll(async () => {
  traffic = await recordTraffic();
  stage = await startStage({ settings: { SOTTO_PUBLIC_URL: traffic.url } });
  traffic.target = Number(new URL(stage.url).port);
});

afterAll(async () => {
  await stage.close();
  await traffic.close();
});

it('a device that goes offline in mid-upload sends the rest when it is back, and counts once; its ledger is what a proxy saw', async () => {
  await joinHeadless(stage, 2, { limit: 60, url: stage.coordinator.localUrl });
  const page = await stage.page();
  await page.goto(`${traffic.url}/t/mnist?shard=9/20&limit=60&backend=wasm`);
  await joinWithSample(page);
  const main = page.locator('main');
  const device = (await main.getAttribute('data-device'))!;
  // Of 350 KB: a part has arrived, and the other is on its way.
  const stopped = stage.line.stopAfter(290_000);
  const { run } = await stage.run({ cohort: { least: 3 }, durations: { returnMs: 60_000 } });
  await stopped;
  await page.context().setOffline(true);
  await page.locator('main[data-connection="connecting"]').waitFor();
  // What had left by then arrives; the page is not told that it did.
  stage.line.release();
  await page.context().setOffline(false);
  await page.locator('main[data-included="1"]').waitFor();

  const contributors = contributorsOf((await transcriptOf(run)).body);
  expect(contributors.filter((one) => one === device)).toHaveLength(1);
  expect(contributors).toHaveLength(3);

  const listed = await downloadLedger(page);
  await page.context().close();
  const connections = traffic.heard().filter(({ messages }) => messages.length > 0);
  expectListed(
    listed,
    connections.flatMap(({ messages }) => messages),
  );
  const offsets = connections.map(({ messages }) => messages.filter(({ name }) => name === 'part').map(offsetOf));
  const [before, after] = [offsets[0]!, offsets.at(-1)!];
  expect(before[0]).toBe(0);
  expect(after[0]).toBeGreaterThan(0);

  await stage.stop();
  using database = new DatabaseSync(join(stage.folder, 'sotto.sqlite'), { readOnly: true });
  const rows = database.prepare('SELECT event FROM part_events WHERE run = ?').all(run);
  const updates = rows.map(({ event }) => JSON.parse(String(event))).filter(({ type }) => type === 'update');
  expect(updates.filter((event) => event.device === device)).toHaveLength(1);
});

const offsetOf = ({ payload }: Message): number => (payload as RequestOf<'part'>).offset;

async function transcriptOf(run: string): Promise<Transcript> {
  const { runs, localUrl } = stage.coordinator;
  const [outcome] = runs.get(run)!.rounds;
  if (outcome?.kind !== 'published') throw new Error(`the round was abandoned: ${outcome?.reason}`);
  return (await (await fetch(`${localUrl}/api/transcripts/${outcome.transcript}`)).json()) as Transcript;
}
