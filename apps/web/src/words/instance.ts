import { createInstance } from 'i18next';

/** The one that translates on this page; words.ts starts it. */
export const words = createInstance();
