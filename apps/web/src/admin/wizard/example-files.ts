import { pictureFormat } from '@sotto/learner/intake/pictures/format';
import type { NamedFile } from '../../participant/data/dropped-files.ts';
import type { Draft } from './draft.ts';

/**
 * Classes by the folders that files lie in: the innermost that differ. Folders such as `train` and `test` around them are none, and
 * where all lie in one folder nothing is said.
 */
export function classesOfFolders(paths: readonly string[]): string[] {
  const folders = paths.map((path) => path.split('/').filter(Boolean).slice(0, -1));
  const names = new Set(folders.flatMap((parts) => parts.slice(-1)));
  return names.size < 2 ? [] : [...names].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1));
}

export interface PictureLook {
  readonly width: number;
  readonly height: number;
  /** As far as the file's beginning tells. */
  readonly isGrey: boolean;
}

const LOOKED_AT = 12;
/** PNG's kinds of colour that have none (PNG, 3rd edition, §11.2.1). */
const GREY_PNG = [0, 4];

/** Looks at a few pictures, some from everywhere in the list. */
export async function lookAtPictures(files: readonly NamedFile[]): Promise<PictureLook[]> {
  const step = Math.max(1, Math.floor(files.length / LOOKED_AT));
  const looks = files
    .filter((_, i) => i % step === 0)
    .slice(0, LOOKED_AT)
    .map(async ({ file }): Promise<PictureLook | null> => {
      const bytes = new Uint8Array(await file.arrayBuffer().catch(() => new ArrayBuffer(0)));
      const format = pictureFormat(bytes);
      return format?.size
        ? { ...format.size, isGrey: format.name === 'PNG' && GREY_PNG.includes(bytes[25] ?? -1) }
        : null;
    });
  return (await Promise.all(looks)).filter((look) => look !== null);
}

/** Pictures of this size are learned from as they are; larger ones are made smaller. */
const LARGEST_SIDE = 96;
const USUAL_SIDE = 64;

/** The size that a task's images should have; null: there are no pictures to tell by. */
export function suggestImage(looks: readonly PictureLook[]): Draft['image'] | null {
  const [first] = looks;
  if (!first) return null;
  const alike = looks.every(({ width, height }) => width === first.width && height === first.height);
  const fits = alike && Math.max(first.width, first.height) <= LARGEST_SIDE;
  const side = String(USUAL_SIDE);
  return {
    width: fits ? String(first.width) : side,
    height: fits ? String(first.height) : side,
    channels: looks.every(({ isGrey }) => isGrey) ? '1' : '3',
  };
}
