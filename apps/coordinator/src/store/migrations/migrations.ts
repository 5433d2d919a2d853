import type { Migration } from 'kysely/migration';
import { firstRounds } from './0001-first-rounds.ts';
import { admission } from './0002-admission.ts';
import { countedOnce } from './0003-counted-once.ts';
import { attendance } from './0004-attendance.ts';
import { parts } from './0005-parts.ts';
import { tasks } from './0006-tasks.ts';
import { devices } from './0007-devices.ts';
import { models } from './0008-models.ts';
import { runs } from './0009-runs.ts';

/** Forward only: a migration that has shipped is never edited, a change is a new one. One file each, in the order of their names. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first-rounds': firstRounds,
  '0002-admission': admission,
  '0003-counted-once': countedOnce,
  '0004-attendance': attendance,
  '0005-parts': parts,
  '0006-tasks': tasks,
  '0007-devices': devices,
  '0008-models': models,
  '0009-runs': runs,
};
