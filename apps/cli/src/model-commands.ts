import { resolve } from 'node:path';
import { versionName } from '@sotto/learner/export/file-names';
import { type ModelDetail, ModelEvaluation, ModelLineage, type ModelVersion } from '@sotto/protocol/admin/models';
import { Done } from '@sotto/protocol/messages';
import { RunSummary } from '@sotto/protocol/run';
import type { Admin } from './admin-session.ts';
import { writeWhole } from './json-file.ts';
import { FORMATS, type Format } from './model-formats.ts';
import { detailOf, download, findVersion, type listVersions, modelsAt } from './models.ts';
import { formatBytes, formatPercent, formatTable } from './table.ts';

/** What the `sotto model …` commands do, and how they tell it. */

/** So many digits of a hash tell versions of a task apart. */
const SHORT = 12;

type Versions = Awaited<ReturnType<typeof listVersions>>;

export function versionTable({ pinned, versions }: Versions): string {
  if (versions.length === 0) return 'There is no version yet: no run has begun.';
  return formatTable(versions.map((version) => ({ ...rowOf(version), '': version.model === pinned ? 'pinned' : '' })));
}

function rowOf({
  model,
  run,
  round,
  made,
  testAccuracy,
  testLoss,
  contributors,
}: ModelVersion): Record<string, string> {
  return {
    model: model.slice(0, SHORT),
    run,
    round: String(round),
    right: formatPercent(testAccuracy),
    loss: testLoss.toFixed(3),
    updates: String(contributors),
    made: new Date(made).toISOString().slice(0, 16).replace('T', ' '),
  };
}

interface Shown extends ModelDetail {
  readonly lineage: ModelLineage;
}

export async function showVersion(admin: Admin, task: string, meant: string, most: number): Promise<Shown> {
  const version = await findVersion(admin, task, meant);
  const lineage = await admin.get(ModelLineage, `${modelsAt(task)}/${version.model}/lineage?most=${most}`);
  return { ...(await detailOf(admin, task, version)), lineage };
}

export function versionLines({ version, pinned, bytes, parameters, fits, begun, evaluation, lineage }: Shown): string {
  return [
    `model     ${version.model}${pinned ? ' (pinned)' : ''}`,
    `file      ${formatBytes(bytes)}, ${parameters ?? '?'} weights${fits ? '' : ', of another architecture than the task has now'}`,
    ...(begun.length > 0 ? [`goes on in ${begun.join(', ')}`] : []),
    '',
    formatTable(
      lineage.steps.map(({ transcript, plans, ...step }) => ({
        ...rowOf(step as ModelVersion),
        transcript: transcript?.slice(0, SHORT) ?? '–',
        plan: plans.map((plan) => plan.slice(0, SHORT)).join(' ') || '–',
        before: step.before?.slice(0, SHORT) ?? '–',
      })),
    ),
    ...(lineage.before === null
      ? []
      : [`… and what came before ${lineage.before.slice(0, SHORT)}: --most shows more.`]),
    ...(evaluation ? ['', evaluationLines(evaluation)] : []),
  ].join('\n');
}

export async function saveVersion(
  admin: Admin,
  task: string,
  meant: string,
  { format, out }: { readonly format: Format; readonly out?: string },
): Promise<{ readonly file: string; readonly model: string; readonly bytes: number }> {
  const version = await findVersion(admin, task, meant);
  const content = await download(admin, task, version, format);
  const file = resolve(out ?? `${versionName(task, version.round)}${FORMATS[format]}`);
  writeWhole(file, content);
  return { file, model: version.model, bytes: content.length };
}

export async function cardOf(admin: Admin, task: string, meant: string): Promise<string> {
  const { model } = await findVersion(admin, task, meant);
  return new TextDecoder().decode(await admin.bytes(`${modelsAt(task)}/${model}/card`));
}

export async function evaluate(admin: Admin, task: string, meant: string): Promise<ModelEvaluation> {
  const { model } = await findVersion(admin, task, meant);
  return admin.send('POST', `${modelsAt(task)}/${model}/evaluation`, undefined, ModelEvaluation);
}

const orDash = (share: number | null) => (share === null ? '–' : formatPercent(share));

/** Beyond so many classes a matrix is wider than any screen. */
const WIDEST = 20;

export function evaluationLines({ examples, correct, accuracy, loss, classes, confusion }: ModelEvaluation): string {
  const scores = classes.map((each) => ({
    class: each.name,
    examples: String(each.examples),
    precision: orDash(each.precision),
    recall: orDash(each.recall),
    F1: orDash(each.f1),
  }));
  const matrix = classes.map(({ name }, truth) => ({
    'truth ↓ taken for →': name,
    ...Object.fromEntries(classes.map((taken, i) => [taken.name, String(confusion[truth]?.[i] ?? 0)])),
  }));
  return [
    `${correct} of ${examples} held-out examples right (${formatPercent(accuracy)}), loss ${loss.toFixed(4)}`,
    '',
    formatTable(scores),
    ...(classes.length <= WIDEST ? ['', formatTable(matrix)] : []),
  ].join('\n');
}

export async function compareVersions(admin: Admin, task: string, meant: readonly string[]): Promise<ModelDetail[]> {
  const details: ModelDetail[] = [];
  for (const each of meant) details.push(await detailOf(admin, task, await findVersion(admin, task, each)));
  return details;
}

/** A row a version; recall of each class where it was evaluated. */
export function comparisonTable(details: readonly ModelDetail[]): string {
  const names = [...new Set(details.flatMap(({ evaluation }) => evaluation?.classes.map(({ name }) => name) ?? []))];
  return formatTable(
    details.map(({ version, evaluation }) => ({
      ...rowOf(version),
      ...Object.fromEntries(
        names.map((name) => [
          `recall ${name}`,
          orDash(evaluation?.classes.find((each) => each.name === name)?.recall ?? null),
        ]),
      ),
    })),
  );
}

export async function pin(admin: Admin, task: string, meant: string | null): Promise<string | null> {
  const model = meant === null ? null : (await findVersion(admin, task, meant)).model;
  await admin.send('PUT', `/api/admin/tasks/${task}/pin`, { model }, Done);
  return model;
}

export async function rollBack(admin: Admin, task: string, meant: string, rounds?: number): Promise<RunSummary> {
  const { model } = await findVersion(admin, task, meant);
  return admin.send('POST', '/api/admin/runs', { task, startFrom: model, ...(rounds && { rounds }) }, RunSummary);
}
