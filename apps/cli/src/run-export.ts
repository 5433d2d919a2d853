import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MlflowError } from '@sotto/coordinator/metrics-out/mlflow';
import type { MetricsFormat } from '@sotto/protocol/admin/evidence';
import { RunDetail } from '@sotto/protocol/admin/runs';
import type { RunSummary } from '@sotto/protocol/run';
import type { Admin } from './admin-session.ts';
import { Failure, reasonOf } from './failure.ts';
import { writeWhole } from './json-file.ts';

/** What a file is called that nobody gave a name. */
const ENDING = { csv: '.csv', jsonl: '.jsonl' } as const;

/** Saves a run's numbers. TensorBoard wants a folder for each run: `out` is the folder of them all. @returns the file */
export async function saveMetrics(
  admin: Admin,
  name: string,
  { format, out }: { readonly format: MetricsFormat; readonly out?: string | undefined },
): Promise<string> {
  const bytes = await admin.bytes(`/api/admin/runs/${encodeURIComponent(name)}/metrics?format=${format}`);
  const file = format === 'tensorboard' ? await eventPath(admin, name, out) : (out ?? `${name}${ENDING[format]}`);
  writeWhole(file, bytes);
  return file;
}

async function eventPath(admin: Admin, name: string, out = 'logs'): Promise<string> {
  const { eventFileName } = await import('@sotto/coordinator/metrics-out/tensorboard');
  const folder = join(out, name);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Failure(`${folder} cannot be made: ${reasonOf(error)}. Name another folder with --out.`);
  }
  return join(folder, eventFileName(await readRun(admin, name)));
}

/** Tells the MLflow server at `address` of the run, as far as it does not know it yet. @returns its address, without a password */
export async function sendToMlflow(
  admin: Admin,
  name: string,
  { address, token }: { readonly address: string; readonly token: string | null },
): Promise<string> {
  const { mlflowServer } = await import('@sotto/coordinator/metrics-out/mlflow-address');
  const { createMlflow } = await import('@sotto/coordinator/metrics-out/mlflow');
  const server = mlflowServer(address, token);
  if (!server) throw new Failure('--to must be the http or https address of an MLflow server.');
  try {
    await createMlflow(server).send(await readRun(admin, name));
  } catch (error) {
    throw error instanceof MlflowError ? new Failure(error.message) : error;
  }
  return server.url;
}

export interface Wanted {
  readonly round?: number;
  readonly from?: number;
  readonly to?: number;
  readonly whole?: true;
  readonly out?: string;
}

/** Saves the evidence of a run, or of some rounds of it. @returns the file */
export async function saveEvidence(admin: Admin, name: string, wanted: Wanted): Promise<string> {
  const { round, from = round, to = round, whole, out } = wanted;
  if (round !== undefined && (wanted.from !== undefined || wanted.to !== undefined))
    throw new Failure('--round is one round, --from and --to are several: give one or the other.');
  const query = new URLSearchParams();
  if (from !== undefined) query.set('from', String(from));
  if (to !== undefined) query.set('to', String(to));
  if (whole) query.set('whole', 'true');
  const bytes = await admin.bytes(`/api/admin/runs/${encodeURIComponent(name)}/evidence?${query}`);
  const file = out ?? `evidence-${name}${round === undefined ? '' : `-round-${round}`}.zip`;
  writeWhole(file, bytes);
  return file;
}

async function readRun(admin: Admin, name: string): Promise<RunSummary> {
  return (await admin.get(RunDetail, `/api/admin/runs/${encodeURIComponent(name)}`)).run;
}
