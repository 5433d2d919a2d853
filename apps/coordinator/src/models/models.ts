import type { ModelDetail, ModelLineage, ModelPage, ModelQuery, ModelVersion } from '@sotto/protocol/admin/models';
import { architectureHash, decodeModelFile } from '@sotto/protocol/model-file';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import type { RunSummary } from '@sotto/protocol/run';
import { modelBlob } from '../aggregation/upload-layout.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { Runs } from '../rounds/runs.ts';
import type { Store } from '../store/store.ts';
import { isAlike, type Task } from '../tasks/tasks.ts';
import { createEvaluations, type EvaluationPorts, type Evaluations } from './evaluations.ts';
import { modelCard } from './model-card.ts';
import { ancestryOf, pageOf, versionsOf } from './versions.ts';

export interface ModelsPorts extends EvaluationPorts {
  readonly tasks: ReadonlyMap<string, Task>;
  readonly runs: Pick<Runs, 'list'>;
  readonly store: Pick<Store, 'evaluation' | 'keepEvaluation' | 'pinModel' | 'pinnedModel' | 'plansOf'>;
  readonly blobs: Pick<Blobs, 'read' | 'size'>;
  readonly coordinator: string;
}

type Unknown = Rejection<'unknown_task' | 'unknown_model'>;
type Outdated = Rejection<'outdated_model'>;

/** What there is to know of the versions of tasks' models, and which one participants are offered. */
export interface Models {
  page(task: string, query: ModelQuery): Promise<ModelPage | Unknown>;
  detail(task: string, model: string): Promise<ModelDetail | Unknown>;
  lineage(task: string, model: string, most: number): Promise<ModelLineage | Unknown>;
  evaluate(task: string, model: string): Promise<Awaited<ReturnType<Evaluations['measure']>> | Unknown | Outdated>;
  /** Markdown. */
  card(task: string, model: string): Promise<string | Unknown>;
  /** Null: participants are offered the latest again. */
  pin(task: string, model: string | null): Promise<Unknown | Outdated | Rejection<'nothing_learned'> | undefined>;
}

interface Found {
  readonly task: Task;
  readonly runs: readonly RunSummary[];
  readonly versions: readonly ModelVersion[];
}

interface FoundVersion extends Found {
  readonly version: ModelVersion;
}

const OUTDATED = reject(
  'outdated_model',
  'The task has changed since this version was made: what goes in or comes out is another by now. Choose a later version.',
);

/** Whether the version is one of the task as it is now. */
function isPresent({ task, runs, version }: FoundVersion): boolean {
  const made = runs.find(({ run }) => run === version.run);
  return made !== undefined && isAlike(task, made);
}

export function createModels(ports: ModelsPorts): Models {
  const { tasks, runs, store, blobs, coordinator } = ports;
  const evaluations = createEvaluations(ports);

  function look(name: string): Found | Unknown {
    const task = tasks.get(name);
    if (!task) return unknownTask(name);
    const own = runs.list().filter((run) => run.task === name);
    return { task, runs: own, versions: versionsOf(own) };
  }

  function find(name: string, model: string): FoundVersion | Unknown {
    const found = look(name);
    if (isRejection(found)) return found;
    const version = found.versions.find((each) => each.model === model);
    return version ? { ...found, version } : unknownModel(name, model);
  }

  return {
    async page(name, query) {
      const found = look(name);
      if (isRejection(found)) return found;
      const page = pageOf(found.versions, query);
      if (!page) return unknownModel(name, query.after!);
      return { pinned: (await store.pinnedModel(name))?.model ?? null, ...page };
    },
    async detail(name, model) {
      const found = find(name, model);
      if (isRejection(found)) return found;
      const { task, version } = found;
      const bytes = (await blobs.read(modelBlob(model))) ?? new Uint8Array();
      const file = decodeModelFile(bytes);
      return {
        version,
        pinned: (await store.pinnedModel(name))?.model === model,
        bytes: bytes.length,
        parameters: isRejection(file) ? null : file.weights.length,
        fits:
          isPresent(found) && !isRejection(file) && architectureHash(file.topology) === architectureHash(task.topology),
        begun: found.runs
          .filter(({ initial, run }) => initial.model === model && run !== version.run)
          .map(({ run }) => run),
        evaluation: isPresent(found) ? await evaluations.kept(task, model) : null,
      };
    },
    async lineage(name, model, most) {
      const found = find(name, model);
      if (isRejection(found)) return found;
      const line = ancestryOf(found.versions, model);
      const steps = line.slice(0, most);
      const plans = new Map<string, ReadonlyMap<number, readonly string[]>>();
      for (const [run, rounds] of Map.groupBy(steps, ({ run }) => run))
        plans.set(
          run,
          await store.plansOf(
            run,
            rounds.map(({ round }) => round),
          ),
        );
      return {
        steps: steps.map((step) => ({ ...step, plans: [...(plans.get(step.run)?.get(step.round) ?? [])] })),
        before: line[most]?.model ?? null,
      };
    },
    async evaluate(name, model) {
      const found = find(name, model);
      if (isRejection(found)) return found;
      return isPresent(found) ? evaluations.measure(found.task, model) : OUTDATED;
    },
    async card(name, model) {
      const found = find(name, model);
      if (isRejection(found)) return found;
      const { task, version } = found;
      const file = decodeModelFile((await blobs.read(modelBlob(model))) ?? new Uint8Array());
      return modelCard({
        task: task.manifest,
        dataCard: task.card,
        version,
        ancestry: ancestryOf(found.versions, model),
        runs: new Map(found.runs.map((run) => [run.run, run])),
        evaluation: isPresent(found) ? await evaluations.kept(task, model) : null,
        parameters: isRejection(file) ? null : file.weights.length,
        coordinator,
      });
    },
    async pin(name, model) {
      if (model === null) {
        if (!tasks.has(name)) return unknownTask(name);
        await store.pinModel(name, null);
        return undefined;
      }
      const found = find(name, model);
      if (isRejection(found)) return found;
      if (!isPresent(found)) return OUTDATED;
      const { run, round, transcript } = found.version;
      if (transcript === null)
        return reject('nothing_learned', 'Nobody contributed to this version. Pin one that a round published.');
      await store.pinModel(name, { model, run, round });
      return undefined;
    },
  };
}

function unknownTask(task: string): Rejection<'unknown_task'> {
  return reject('unknown_task', `There is no task ${task}. Check the name.`);
}

function unknownModel(task: string, model: string): Rejection<'unknown_model'> {
  return reject(
    'unknown_model',
    `The task ${task} has no model ${model.slice(0, 12)}…. Look for it among those that are listed.`,
  );
}
