import { z } from 'zod';
import { TaskAdmission } from '../admission.ts';
import { PublicKey, Time } from '../ids.ts';
import { LiveStatus } from './live.ts';
import { RunLine } from './runs.ts';
import { TaskSummary } from './tasks.ts';

/** A task, as far as every page of the dashboard knows it: how it stands, and what waits for whoever runs it. */
export const TaskEntry = TaskSummary.pick({
  id: true,
  title: true,
  summary: true,
  kind: true,
  origin: true,
  archived: true,
}).extend({
  admission: TaskAdmission,
  status: LiveStatus,
  /** The latest run. */
  run: RunLine.nullable(),
  /** Devices that ask to be let in. */
  waiting: z.number().int(),
  /** Devices that are connected and run on the coordinator's own machine, started by it. */
  local: z.number().int(),
  /** Devices that hold a certificate as committee members now, and when the first of them lapses. */
  members: z.strictObject({ count: z.number().int(), until: Time.nullable() }),
});
export type TaskEntry = z.infer<typeof TaskEntry>;

/** What every page of the dashboard shows something of. Runs with their rounds, devices, models are asked for by the pages that show them. */
export const AdminView = z.strictObject({
  coordinator: PublicKey,
  studyKey: PublicKey.nullable(),
  publicUrl: z.string(),
  tasks: z.array(TaskEntry),
});
export type AdminView = z.infer<typeof AdminView>;
