import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Why no file can be made there, in one line; null when one can. Asked before minutes of measuring, not after. */
export function findObstacle(path: string): string | null {
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    return `${path} cannot be written: ${error instanceof Error ? error.message : error}.`;
  }
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
  return isFolder ? `${path} cannot be written: it is a folder. Name a file in it.` : null;
}
