import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@sotto/coordinator/config';
import { type Coordinator, startCoordinator } from '@sotto/coordinator/main';
import type { Dataset } from '@sotto/learner/dataset';
import { decodeDataset } from '@sotto/learner/dataset-file';
import { startTrainer } from '@sotto/learner/worker/start.node';
import { createNodeParticipant } from '@sotto/participant/node';
import type { ParticipantPorts } from '@sotto/participant/participant';
import { OPEN_PINS, type Pins } from '@sotto/protocol/invite';
import { isRejection } from '@sotto/protocol/rejection';
import type { RunSummary } from '@sotto/protocol/run';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { BUILT_PAGES, launchBrowser } from './browser.ts';
import { type Line, layLine } from './line.ts';

export { snap } from './snap.ts';

const TASKS = join(import.meta.dirname, '../../tasks');

export interface StageOptions {
  /** Folders of tasks beside the repository's own. */
  readonly tasksDirs?: readonly string[];
  /** Further arguments for Chromium. */
  readonly args?: readonly string[];
  /** Name of the coordinator's host, where Chromium is told what it resolves to; default: 127.0.0.1. */
  readonly host?: string;
  /** Further settings of the coordinator, by environment variable. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Folder of the built pages; default: what SOTTO_TEST_PAGES names, else the repository's. */
  readonly pages?: string;
}

export interface ViewOptions {
  /** Path of the page to open, such as `/t/mnist?limit=60`; without it the page stays blank. */
  readonly url?: string;
  /** 390 × 844 with a finger instead of a mouse. */
  readonly phone?: boolean;
  readonly dark?: boolean;
  readonly locale?: string;
  /** A profile that is there already; default: a new one, which is another device. */
  readonly context?: BrowserContext;
  readonly contextOptions?: BrowserContextOptions;
}

type RunRequest = Parameters<Coordinator['runs']['create']>[0];

export interface Stop {
  /** It waits there. */
  readonly reached: Promise<void>;
  go(): void;
}

/** A coordinator over a folder of its own, behind a line that can be cut, and a browser. */
export interface Stage {
  readonly url: string;
  readonly browser: Browser;
  readonly line: Line;
  /** The present one: after `restart`, another. */
  readonly coordinator: Coordinator;
  /** Errors that pages' scripts and consoles told of. */
  readonly complaints: string[];
  page(options?: ViewOptions): Promise<Page>;
  /** Starts a run of a task (default: mnist, one round, waits for everybody); a refusal throws. */
  run(request?: Partial<RunRequest>): Promise<RunSummary>;
  /**
   * Lets the coordinator come as far as this failpoint of its own (apps/coordinator/src/failpoints.ts), and wait there until `go`.
   */
  stopAt(failpoint: string): Stop;
  /** Folder of the present coordinator. */
  readonly folder: string;
  /** Stops the coordinator. `restart` starts one over the same folder, or over an empty one, which makes it somebody else. */
  stop(): Promise<void>;
  restart(options?: { anew?: boolean; pages?: string }): Promise<void>;
  /** What is to be ended before the coordinator. */
  closing(end: () => Promise<unknown> | unknown): void;
  close(): Promise<void>;
}

export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const [browser, line] = await Promise.all([launchBrowser(options.args), layLine(options.host)]);
  const folders: string[] = [];
  const endings: (() => Promise<unknown> | unknown)[] = [];
  const complaints: string[] = [];
  const stops = new Map<string, () => Promise<void>>();
  const makeFolder = () => folders.push(mkdtempSync(join(tmpdir(), 'sotto-stage-')));
  const start = async (pages?: string) => {
    const coordinator = await startCoordinator(
      readConfig({
        SOTTO_DATA_DIR: folders.at(-1)!,
        // After a restart as before, for whoever comes by no line.
        PORT: String(line.target),
        SOTTO_PUBLIC_URL: line.url,
        SOTTO_LOG: 'error',
        SOTTO_DRAIN_MS: '0',
        ...options.settings,
      }),
      {
        tasksDirs: [TASKS, ...(options.tasksDirs ?? [])],
        failpoint: (name) => stops.get(name)?.(),
        ...BUILT_PAGES,
        ...(options.pages !== undefined && { pages: options.pages }),
        ...(pages !== undefined && { pages }),
      },
    );
    line.target = Number(new URL(coordinator.localUrl).port);
    return coordinator;
  };
  makeFolder();
  let coordinator: Coordinator | null = await start();
  const stop = async () => {
    await coordinator?.close();
    coordinator = null;
  };

  const stage: Stage = {
    url: line.url,
    browser,
    line,
    get coordinator() {
      if (!coordinator) throw new Error('the coordinator is stopped');
      return coordinator;
    },
    complaints,
    async page({ url, phone = false, dark = false, locale, context, contextOptions }: ViewOptions = {}) {
      const profile =
        context ??
        (await browser.newContext({
          ...(phone && { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }),
          ...(dark && { colorScheme: 'dark' }),
          locale: locale ?? 'en-GB',
          ...contextOptions,
        }));
      const page = await profile.newPage();
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      if (url !== undefined) await page.goto(new URL(url, line.url).href);
      return page;
    },
    async run(request) {
      const run = await stage.coordinator.runs.create({
        task: 'mnist',
        rounds: 1,
        seed: 1,
        overSelection: 1,
        ...request,
        durations: { returnMs: 2000, ...request?.durations },
      });
      if (isRejection(run)) throw new Error(run.message);
      return run;
    },
    stopAt(failpoint) {
      const [reached, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      stops.set(failpoint, () => {
        reached.resolve();
        return gone.promise;
      });
      return {
        reached: reached.promise,
        go() {
          stops.delete(failpoint);
          gone.resolve();
        },
      };
    },
    get folder() {
      return folders.at(-1)!;
    },
    stop,
    async restart({ anew = false, pages } = {}) {
      await stop();
      if (anew) makeFolder();
      coordinator = await start(pages);
    },
    closing: (end) => endings.push(end),
    async close() {
      for (const context of browser.contexts()) await context.close();
      for (const end of endings.reverse()) await end();
      await Promise.all([browser.close(), stop(), line.close()]);
      for (const folder of folders) rmSync(folder, { recursive: true });
    },
  };
  return stage;
}

export type HeadlessParticipant = Awaited<ReturnType<typeof createNodeParticipant>>;

export interface HeadlessOptions {
  /** Default: mnist. */
  readonly task?: string;
  /** Examples of each, of the sample data. */
  readonly limit?: number;
  /** What each learns from instead of sample data. */
  readonly data?: (index: number) => Dataset;
  /** Where they reach the coordinator; default: as the browsers do, by the stage's line. */
  readonly url?: string;
  /** Whom they trust; default: the coordinator. */
  readonly pins?: Pins;
  /** Nobody begins to learn before this. */
  readonly beforeLearning?: () => Promise<void>;
}

/** Participants in this process that joined, each with a part of the sample data. They end with the stage. */
export async function joinHeadless(
  stage: Stage,
  count: number,
  {
    task = 'mnist',
    limit = 300,
    data: ownData,
    url = stage.url,
    pins = OPEN_PINS,
    beforeLearning,
  }: HeadlessOptions = {},
): Promise<HeadlessParticipant[]> {
  const ownTrainer = startTrainer();
  stage.closing(() => ownTrainer.dispose());
  const trainer: ParticipantPorts['trainer'] = {
    ...ownTrainer,
    async train(...request) {
      await beforeLearning?.();
      return ownTrainer.train(...request);
    },
  };
  const fetchSample = async (index: number): Promise<Dataset> => {
    const sample = `/api/tasks/${task}/sample?index=${index}&count=${Math.max(count, 20)}&limit=${limit}`;
    const answer = await fetch(`${stage.coordinator.localUrl}${sample}`);
    if (!answer.ok) throw new Error(`${sample}: ${answer.status} ${await answer.text()}`);
    const data = decodeDataset(
      new Uint8Array(await answer.arrayBuffer()),
      stage.coordinator.tasks.get(task)!.manifest.classes.length,
    );
    if (isRejection(data)) throw new Error(data.message);
    return data;
  };
  const participants: HeadlessParticipant[] = [];
  for (let index = 0; index < count; index++) {
    const data = ownData?.(index) ?? (await fetchSample(index));
    const participant = await createNodeParticipant({ url, task, pins, data, trainer });
    stage.closing(() => participant.close());
    participants.push(participant);
    await participant.join();
  }
  return participants;
}
