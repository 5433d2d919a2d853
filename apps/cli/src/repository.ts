import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout this command runs from: built-in tasks and known answers lie in it. */
export const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '../../..');
export const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
