import { exportNpz } from '@sotto/learner/export/npz';
import { tfjsZip } from '@sotto/learner/export/tfjs-zip';
import { ModelDetail, ModelPage, type ModelVersion } from '@sotto/protocol/admin/models';
import { sha256Hex } from '@sotto/protocol/digest';
import { TaskView } from '@sotto/protocol/views';
import type { Admin } from './admin-session.ts';
import { Failure } from './failure.ts';
import type { Format } from './model-formats.ts';

const MOST = 1000;

export function modelsAt(task: string): string {
  return `/api/admin/tasks/${task}/models`;
}

/** All versions, the latest first, or the best. @throws Failure */
export async function listVersions(
  admin: Admin,
  task: string,
  { order = 'latest', run }: { readonly order?: 'latest' | 'best'; readonly run?: string | undefined } = {},
): Promise<{ readonly pinned: string | null; readonly versions: readonly ModelVersion[] }> {
  const versions: ModelVersion[] = [];
  for (;;) {
    const last = versions.at(-1);
    const query = new URLSearchParams({
      order,
      most: String(MOST),
      ...(run && { run }),
      ...(last && { after: last.model }),
    });
    const page = await admin.get(ModelPage, `${modelsAt(task)}?${query}`);
    versions.push(...page.versions);
    if (page.versions.length < MOST) return { pinned: page.pinned, versions };
  }
}

/** The version that somebody means: by how its hash begins, `RUN:ROUND`, or `latest`, `best` or `pinned`. @throws Failure */
export async function findVersion(admin: Admin, task: string, meant: string): Promise<ModelVersion> {
  const order = meant === 'best' ? 'best' : 'latest';
  const { pinned, versions } = await listVersions(admin, task, { order });
  const [first] = versions;
  if (!first) throw new Failure(`The task ${task} has no model yet. Start a run: sotto run start ${task}`);
  if (meant === 'best' || meant === 'latest') return first;
  if (meant === 'pinned' && pinned === null)
    throw new Failure(
      `No version of ${task} is pinned: participants are offered the latest. Say “latest”, or pin one.`,
    );
  const begins = meant === 'pinned' ? pinned! : meant;
  const found = versions.filter(({ model, run, round }) => model.startsWith(begins) || `${run}:${round}` === begins);
  if (found.length === 1) return found[0]!;
  throw new Failure(
    found.length === 0
      ? `The task ${task} has no model ${meant}. “sotto model list ${task}” lists them: say how a hash begins, RUN:ROUND, latest, best or pinned.`
      : `${found.length} models of ${task} begin with ${meant}. Say more of the hash.`,
  );
}

/** The version's bytes, which do hash to its name. @throws Failure */
async function fileOf(admin: Admin, { model }: ModelVersion): Promise<Uint8Array> {
  const file = await admin.bytes(`/api/models/${model}`);
  if (sha256Hex(file) !== model)
    throw new Failure(
      `What ${admin.url} gave is not the model ${model}: its digest is another. Try again, or restore it.`,
    );
  return file;
}

/** The version in a format that others read. @throws Failure */
export async function download(admin: Admin, task: string, version: ModelVersion, format: Format): Promise<Uint8Array> {
  const file = await fileOf(admin, version);
  if (format === 'safetensors') return file;
  if (format === 'npz') return exportNpz(file);
  const { task: manifest } = await admin.get(TaskView, `/api/tasks/${task}`);
  return tfjsZip(file, { task: manifest, run: version.run, version });
}

export function detailOf(admin: Admin, task: string, { model }: ModelVersion): Promise<ModelDetail> {
  return admin.get(ModelDetail, `${modelsAt(task)}/${model}`);
}
