import type { Case } from '../conformance.ts';
import { adminSessionCases } from './cases/admin-sessions.ts';
import { admissionCases } from './cases/admissions.ts';
import { attendanceCases } from './cases/attendance.ts';
import { auditLogCases } from './cases/audit-log.ts';
import { certificateCases } from './cases/certificates.ts';
import { countedOnceCases } from './cases/counted-once.ts';
import { deviceNameCases } from './cases/device-names.ts';
import { deviceRecordCases } from './cases/device-records.ts';
import { keptValueCases } from './cases/kept-values.ts';
import { modelRecordCases } from './cases/model-records.ts';
import { roundFactsCases } from './cases/round-facts.ts';
import { roundLogCases } from './cases/round-log.ts';
import { runRecordCases } from './cases/run-records.ts';
import { studyKeyCases } from './cases/study-keys.ts';
import { taskRecordCases } from './cases/task-records.ts';
import { taskRevisionCases } from './cases/task-revisions.ts';
import type { Store } from './store.ts';

/** What every store promises: a file of cases a slice. */
export const storeCases: readonly Case<Store>[] = [
  ...keptValueCases,
  ...taskRecordCases,
  ...taskRevisionCases,
  ...runRecordCases,
  ...roundLogCases,
  ...roundFactsCases,
  ...countedOnceCases,
  ...modelRecordCases,
  ...deviceRecordCases,
  ...deviceNameCases,
  ...attendanceCases,
  ...certificateCases,
  ...studyKeyCases,
  ...admissionCases,
  ...adminSessionCases,
  ...auditLogCases,
];
