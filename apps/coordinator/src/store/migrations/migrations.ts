import type { Migration } from 'kysely/migration';
import { firstRounds } from './0001-first-rounds.ts';

/** Forward only: a migration that has shipped is never edited, a change is a new one. One file each, in the order of their names. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first-rounds': firstRounds,
};
