import { firstIssue } from '@sotto/protocol/in-words';
import type { RunSummary } from '@sotto/protocol/run';
import { z } from 'zod';
import type { Secret } from '../sign-in/secret.ts';
import { initialScalars, roundScalars, type Scalar } from './scalars.ts';

/** An MLflow tracking server, and what it asks for; null: nothing. */
export interface MlflowServer {
  /** Without name and password. */
  readonly url: string;
  /** The whole `Authorization` header. */
  readonly authorization: Secret | null;
}

/** It did not take what it was sent. `forNow`: it may take the same later. The message names the server and never what was sent to it. */
export class MlflowError extends Error {
  override readonly name = 'MlflowError';
  readonly forNow: boolean;

  constructor(message: string, forNow: boolean) {
    super(message);
    this.forNow = forNow;
  }
}

/** Sends runs to an MLflow server. */
export interface Mlflow {
  /** Makes MLflow's run the same as ours, as far as it is not yet; doing it again changes nothing. @throws MlflowError */
  send(run: RunSummary): Promise<void>;
  /** Waits for no answer any more: what is under way fails. */
  close(): void;
}

const TIMEOUT_MS = 30_000;
/** What MLflow takes in one `log-batch`. */
const MOST_METRICS = 1000;
const MOST_PARAMS = 100;
const MOST_PARAM_CHARACTERS = 500;
/** MLflow's words for how a run ended, or has not. */
const STATUS = { running: 'RUNNING', paused: 'RUNNING', finished: 'FINISHED', stopped: 'KILLED' } as const;
/** Which run of ours it is, and how many of its rounds are there. */
const RUN_TAG = 'sotto.run';
const ROUNDS_TAG = 'sotto.rounds';
const STATE_TAG = 'sotto.state';

const ErrorAnswer = z.object({ error_code: z.string().max(200), message: z.string().default('') });
const ExperimentFound = z.object({
  experiment: z.object({ experiment_id: z.string(), lifecycle_stage: z.string().optional() }),
});
const ExperimentMade = z.object({ experiment_id: z.string() });
const Run = z.object({
  info: z.object({ run_id: z.string() }),
  data: z.object({ tags: z.array(z.object({ key: z.string(), value: z.string() })).default([]) }).default({ tags: [] }),
});
const RunMade = z.object({ run: Run });
const RunsFound = z.object({ runs: z.array(Run).default([]) });

/**
 * Each task is an experiment `sotto/TASK`, each run a run of it, tagged with its name; settings are its parameters, numbers its metrics with
 * rounds as steps. How many rounds are there already is kept at MLflow, as a tag: nobody here has to remember it.
 */
export function createMlflow({ url, authorization }: MlflowServer): Mlflow {
  const experiments = new Map<string, string>();
  const ending = new AbortController();

  async function ask<T>(schema: z.ZodType<T>, method: 'GET' | 'POST', call: string, body: object): Promise<T> {
    const where = `MLflow at ${url}`;
    const address = new URL(`${url}/api/2.0/mlflow/${call}`);
    if (method === 'GET')
      for (const [name, value] of Object.entries(body)) address.searchParams.set(name, String(value));
    let response: Response;
    let text: string;
    try {
      response = await fetch(address, {
        method,
        redirect: 'error',
        signal: AbortSignal.any([ending.signal, AbortSignal.timeout(TIMEOUT_MS)]),
        headers: {
          'content-type': 'application/json',
          ...(authorization && { authorization: authorization.reveal() }),
        },
        ...(method === 'POST' && { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch (error) {
      const { cause } = error as { cause?: unknown };
      const why = cause instanceof Error && cause.message !== '' ? cause.message : (error as Error).message;
      throw new MlflowError(`${where} does not answer (${why}). Check the address, and that it runs.`, true);
    }
    const json = parseJson(text);
    if (!response.ok) {
      const said = ErrorAnswer.safeParse(json);
      const { status } = response;
      if (said.success && said.data.error_code === 'RESOURCE_DOES_NOT_EXIST') throw new Missing(where);
      const why = said.success ? `${said.data.error_code}: ${said.data.message.slice(0, 300)}` : `HTTP ${status}`;
      const hint = status === 401 || status === 403 ? ' Check the name and password, or the token.' : '';
      throw new MlflowError(`${where} refuses ${call} (${why}).${hint}`, status === 429 || status >= 500);
    }
    const parsed = schema.safeParse(json);
    if (parsed.success) return parsed.data;
    throw new MlflowError(
      `What answers at ${url} is no MLflow server that we know (${call}: ${firstIssue(parsed.error)}).`,
      false,
    );
  }

  async function experimentOf(task: string): Promise<string> {
    const known = experiments.get(task);
    if (known !== undefined) return known;
    const name = `sotto/${task}`;
    const find = () => ask(ExperimentFound, 'GET', 'experiments/get-by-name', { experiment_name: name });
    const found = await find().catch(unlessMissing);
    if (found?.experiment.lifecycle_stage === 'deleted')
      throw new MlflowError(`The experiment ${name} was deleted in MLflow at ${url}. Restore it there.`, false);
    const id =
      found?.experiment.experiment_id ??
      (await ask(ExperimentMade, 'POST', 'experiments/create', { name })).experiment_id;
    experiments.set(task, id);
    return id;
  }

  async function runOf(run: RunSummary) {
    const experiment = await experimentOf(run.task);
    const filter = `tags.\`${RUN_TAG}\` = '${run.run}'`;
    const search = { experiment_ids: [experiment], filter, max_results: 1 };
    const { runs } = await ask(RunsFound, 'POST', 'runs/search', search);
    const found =
      runs[0] ??
      (
        await ask(RunMade, 'POST', 'runs/create', {
          experiment_id: experiment,
          run_name: run.run,
          start_time: run.startedAt,
          tags: tagsOf({ [RUN_TAG]: run.run, 'sotto.task': run.task }),
        })
      ).run;
    const tag = (name: string) => found.data.tags.find(({ key }) => key === name)?.value;
    return { id: found.info.run_id, rounds: tag(ROUNDS_TAG), state: tag(STATE_TAG) };
  }

  const nothing = z.looseObject({});
  const log = (run_id: string, batch: object) => ask(nothing, 'POST', 'runs/log-batch', { run_id, ...batch });

  return {
    async send(run) {
      const { id, rounds, state } = await runOf(run).catch((error: unknown) => {
        // What was there may have been removed; it is looked for again the next time.
        experiments.delete(run.task);
        throw error;
      });
      if (rounds === undefined) {
        const params = paramsOf(run.config);
        for (let i = 0; i < params.length; i += MOST_PARAMS)
          await log(id, { params: params.slice(i, i + MOST_PARAMS) });
        await log(id, { metrics: initialScalars(run).map(metricOf), tags: tagsOf({ [ROUNDS_TAG]: '0' }) });
      }
      // The tag goes with the last of what it counts: what was cut short is sent again, which MLflow takes for the same.
      let batch: Scalar[] = [];
      for (let i = /^\d+$/.test(rounds ?? '') ? Number(rounds) : 0; i < run.rounds.length; i++) {
        batch.push(...roundScalars(run.rounds[i]!));
        const next = run.rounds[i + 1];
        if (next && batch.length + roundScalars(next).length <= MOST_METRICS) continue;
        await log(id, { metrics: batch.map(metricOf), tags: tagsOf({ [ROUNDS_TAG]: String(i + 1) }) });
        batch = [];
      }
      if (state === run.state) return;
      const over = run.state === 'finished' || run.state === 'stopped';
      const end_time = run.rounds.at(-1)?.endedAt ?? run.startedAt;
      await ask(nothing, 'POST', 'runs/update', { run_id: id, status: STATUS[run.state], ...(over && { end_time }) });
      await log(id, { tags: tagsOf({ [STATE_TAG]: run.state }) });
    },
    close: () => ending.abort(),
  };
}

class Missing extends MlflowError {
  constructor(where: string) {
    super(`${where} does not know what it was asked about.`, false);
  }
}

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof Missing)) throw error;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function metricOf({ tag, value, step, at }: Scalar) {
  return { key: tag, value, timestamp: at, step };
}

function tagsOf(tags: Readonly<Record<string, string>>) {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

/** `strategy.name` = FedAvg and so on; null, and what is long, as texts. */
function paramsOf(config: object, prefix = ''): { key: string; value: string }[] {
  return Object.entries(config).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? paramsOf(value, `${prefix}${name}.`)
      : {
          key: `${prefix}${name}`,
          value: (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, MOST_PARAM_CHARACTERS),
        },
  );
}
