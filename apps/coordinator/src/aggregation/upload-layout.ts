import { layout } from '@sotto/he-core/codec';
import { BOX_BYTES } from '@sotto/he-core/params';
import { coefficientsOf, type Plan } from '@sotto/protocol/plan';

/** An upload is ciphertext ‖ box_1 ‖ … ‖ box_m. */
export interface UploadLayout {
  readonly ciphertext: number;
  readonly boxes: number;
  readonly total: number;
}

export function uploadLayout({ encoding, committee }: Pick<Plan, 'encoding' | 'committee'>): UploadLayout {
  const ciphertext = layout(coefficientsOf(encoding)).bytes;
  const boxes = committee.members.length;
  return { ciphertext, boxes, total: ciphertext + boxes * BOX_BYTES };
}

/** All that is kept of one round's uploads. */
export function uploadFolder(planHash: string): string {
  return `uploads/${planHash}`;
}

/** What one device has sent for a plan, counted or not. */
export function deviceFolder(planHash: string, device: string): string {
  return `${uploadFolder(planHash)}/${device}`;
}

/** The digest is that of the signed string, so that another upload of the same device is another blob. */
export function uploadBlob(planHash: string, device: string, digest: string): string {
  return `${deviceFolder(planHash, device)}/${digest}`;
}

export function sumBlob(planHash: string): string {
  return `${uploadFolder(planHash)}/sum`;
}

/** First words of the names of blobs: where all that is kept of runs lies. */
export const BLOB_FOLDERS = ['uploads', 'models', 'means', 'states'];

/** Files that tasks are made of; they grow part by part. */
export const FILES = 'files';

export function fileBlob(hash: string): string {
  return `${FILES}/${hash}`;
}

export const MODELS = 'models';

export function modelBlob(hash: string): string {
  return `${MODELS}/${hash}`;
}

/** What is made on the way to a round's model, and of no use once the round is over. */
export const MEANS = 'means';

/** The opened mean of a round or of one group of it, as a file of its own until the round is over. */
export function meanBlob(hash: string): string {
  return `${MEANS}/${hash}`;
}

/** What the strategy of a run remembers of its rounds. */
export function stateBlob(hash: string): string {
  return `states/${hash}`;
}
