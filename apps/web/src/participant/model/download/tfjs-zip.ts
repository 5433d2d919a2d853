import { exportTfjs } from '@sotto/learner/export/tfjs';
import type { PublishedRound } from '@sotto/protocol/run';
import type { TaskManifest } from '@sotto/protocol/task';
import { strToU8, zipSync } from 'fflate';

interface Version {
  readonly task: TaskManifest;
  readonly run: string;
  readonly version: PublishedRound;
}

/** What whoever opens the model needs to know besides the model: what goes in, what comes out, where it is from. */
function metadataOf({ task, run, version }: Version): object {
  const { shape, ...input } = task.input;
  return {
    task: task.id,
    title: task.title,
    classes: task.classes,
    input: { shape, scale: task.data.format === 'idx' ? task.data.scale : 1, ...input },
    run,
    round: version.round,
    testAccuracy: version.testAccuracy,
    contributors: version.contributors,
    model: version.model,
    transcript: version.transcript,
  };
}

/** One class a line, in the order of the model's outputs. */
export function labelsFile(task: TaskManifest): Uint8Array<ArrayBuffer> {
  return strToU8(`${task.classes.join('\n')}\n`) as Uint8Array<ArrayBuffer>;
}

/**
 * `model.json`, `weights.bin` and `labels.txt` in one archive. The weights are stored as they are: random-looking numbers do not get
 * smaller.
 * @throws TrainingError `bad_model`
 */
export function tfjsZip(file: Uint8Array, of: Version): Uint8Array<ArrayBuffer> {
  const { json, weights } = exportTfjs(file, metadataOf(of));
  const mtime = of.version.endedAt;
  return zipSync({
    'model.json': [strToU8(json), { mtime }],
    'weights.bin': [weights, { level: 0, mtime }],
    'labels.txt': [labelsFile(of.task), { mtime }],
  }) as Uint8Array<ArrayBuffer>;
}
