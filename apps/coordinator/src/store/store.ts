import type { AdminSessions } from './admin-sessions.ts';
import type { Admissions } from './admissions.ts';
import type { Attendance } from './attendance.ts';
import type { AuditLog } from './audit-log.ts';
import type { Certificates } from './certificates.ts';
import type { DeviceNames } from './device-names.ts';
import type { DeviceRecords } from './device-records.ts';
import type { Documents } from './documents.ts';
import type { KeptValues } from './kept-values.ts';
import type { ModelRecords } from './model-records.ts';
import type { KeptRoundFacts } from './round-facts.ts';
import type { RoundLog } from './round-log.ts';
import type { RunRecords } from './run-records.ts';
import type { StudyKeys } from './study-keys.ts';
import type { TaskRecords } from './task-records.ts';
import type { TaskRevisions } from './task-revisions.ts';

/** Where the truth lies. Every call is one transaction; what it has answered survives a crash. */
export type Store = KeptValues &
  TaskRecords &
  TaskRevisions &
  RunRecords &
  RoundLog &
  KeptRoundFacts &
  Documents &
  ModelRecords &
  DeviceRecords &
  DeviceNames &
  Attendance &
  Certificates &
  StudyKeys &
  Admissions &
  AdminSessions &
  AuditLog & { close(): Promise<void> };
