import { scaleOf, type TaskManifest } from '@sotto/protocol/task';
import { strToU8, zipSync } from 'fflate';
import { encodingOf } from './encoding.ts';
import { tfjsSnippet } from './snippets.ts';
import { exportTfjs, outputOf } from './tfjs.ts';

/** What a downloaded model says of itself. */
export interface Exported {
  readonly task: TaskManifest;
  readonly run: string;
  readonly version: {
    readonly round: number;
    /** SHA-256 of the model file. */
    readonly model: string;
    readonly made: number;
    readonly testAccuracy: number;
    readonly contributors: number;
    /** Null of a model that nobody contributed to. */
    readonly transcript: string | null;
  };
}

/** What whoever opens the model needs to know besides the model: what goes in, what comes out, where it is from. */
function metadataOf({ task, run, version }: Exported): object {
  const { shape, ...input } = task.input;
  return {
    task: task.id,
    title: task.title,
    classes: task.classes,
    input: { shape, scale: scaleOf(task), ...input },
    encoding: encodingOf(task).words,
    run,
    round: version.round,
    testAccuracy: version.testAccuracy,
    contributors: version.contributors,
    model: version.model,
    transcript: version.transcript,
  };
}

/** For whoever finds the archive a year later. */
function readmeOf({ task, run, version }: Exported, output: 'probabilities' | 'logits'): string {
  const paragraphs = [
    `${task.title}\n${task.summary}`,
    version.transcript === null
      ? `The weights that run ${run} began with. Nobody has contributed to them.`
      : `The shared model after round ${version.round} of run ${run}, learned on ${version.contributors} devices together with Sotto.`,
    `It got ${(100 * version.testAccuracy).toFixed(1)} % of the study's test examples right. It is a guess of a model, no advice.`,
    `model.json    the architecture, and what it is of (under userDefinedMetadata)\nweights.bin   the weights, float32, little-endian\nlabels.txt    the names of the answers, in the order of the outputs`,
    `What goes in: shape [${task.input.shape.join(', ')}].\n${encodingOf(task).words}${scaleOf(task) === 1 ? '' : `\nThen each number is multiplied by ${scaleOf(task)}.`}`,
    `What comes out: ${output === 'logits' ? 'one score (logit)' : 'one share'} for each of ${task.classes.join(', ')}.`,
    `With TensorFlow.js:\n\n${tfjsSnippet(task, output)}`,
    `Published as ${version.model} (SHA-256 of the safetensors file)${version.transcript === null ? '' : `; transcript of the round: ${version.transcript}`}`,
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

/** One class a line, in the order of the model's outputs. */
export function labelsFile(task: TaskManifest): Uint8Array<ArrayBuffer> {
  return strToU8(`${task.classes.join('\n')}\n`) as Uint8Array<ArrayBuffer>;
}

/**
 * `model.json`, `weights.bin`, `labels.txt` and a README.txt in one archive. The weights are stored as they are: random-looking numbers do not get
 * smaller.
 * @throws TrainingError `bad_model`
 */
export function tfjsZip(file: Uint8Array, of: Exported): Uint8Array<ArrayBuffer> {
  const { json, weights } = exportTfjs(file, metadataOf(of));
  const mtime = of.version.made;
  return zipSync({
    'model.json': [strToU8(json), { mtime }],
    'weights.bin': [weights, { level: 0, mtime }],
    'labels.txt': [labelsFile(of.task), { mtime }],
    'README.txt': [strToU8(readmeOf(of, outputOf(file))), { mtime }],
  }) as Uint8Array<ArrayBuffer>;
}
