import type { Kysely } from 'kysely';
import { createAdminSessions } from './admin-sessions.ts';
import { createAdmissions } from './admissions.ts';
import { createAttendance } from './attendance.ts';
import { createAuditLog } from './audit-log.ts';
import { createCertificates } from './certificates.ts';
import { createDeviceNames } from './device-names.ts';
import { createDeviceRecords } from './device-records.ts';
import { createDocuments } from './documents.ts';
import { createKeptValues } from './kept-values.ts';
import { createModelRecords } from './model-records.ts';
import { createRoundFacts } from './round-facts.ts';
import { createRoundLog } from './round-log.ts';
import { createRunRecords } from './run-records.ts';
import type { Tables } from './schema.ts';
import type { Store } from './store.ts';
import { createStudyKeys } from './study-keys.ts';
import { createTaskRecords } from './task-records.ts';
import { createTaskRevisions } from './task-revisions.ts';

/** The store over any SQL database that kysely speaks to and the migrations have run on: each slice is a file of its own. */
export function createSqlStore(db: Kysely<Tables>): Store {
  return {
    ...createKeptValues(db),
    ...createTaskRecords(db),
    ...createTaskRevisions(db),
    ...createRunRecords(db),
    ...createRoundLog(db),
    ...createRoundFacts(db),
    ...createDocuments(db),
    ...createModelRecords(db),
    ...createDeviceRecords(db),
    ...createDeviceNames(db),
    ...createAttendance(db),
    ...createCertificates(db),
    ...createStudyKeys(db),
    ...createAdmissions(db),
    ...createAdminSessions(db),
    ...createAuditLog(db),
    close: () => db.destroy(),
  };
}
