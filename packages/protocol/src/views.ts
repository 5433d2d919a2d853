import { z } from 'zod';
import { PublicKey, Time } from './ids.ts';
import { RunSummary, Status } from './run.ts';
import { TaskManifest } from './task.ts';

/** What the coordinator says of itself over HTTP; the pages and the command line read these. */

export const TaskView = z.strictObject({
  task: TaskManifest,
  /** The data card, Markdown. */
  card: z.string(),
  /** TF.js layers topology, JSON. */
  topology: z.string(),
  parameters: z.number().int(),
  /** Training examples the coordinator can hand out as sample data; 0 when it has none. */
  sampleExamples: z.number().int(),
  coordinator: PublicKey,
  /** The study key this coordinator was told of: a hint for links, never a reason to trust. */
  studyKey: PublicKey.nullable(),
  status: Status,
  /** The task's latest run. */
  run: RunSummary.nullable(),
});
export type TaskView = z.infer<typeof TaskView>;

export const TaskList = z.strictObject({
  tasks: z.array(z.strictObject({ id: z.string(), title: z.string(), summary: z.string(), status: Status })),
});
export type TaskList = z.infer<typeof TaskList>;

/** A device as the admin sees it. Never its metrics: those are encrypted. */
export const DeviceView = z.strictObject({
  device: z.string(),
  key: PublicKey,
  task: z.string(),
  connected: z.boolean(),
  /** When it was first seen in this stretch of presence. */
  presentSince: Time.nullable(),
  lastSeen: Time,
  contributes: z.boolean(),
  /** Started by the coordinator on its own machine. */
  local: z.boolean(),
  certified: z.array(z.enum(['member', 'device'])),
  /** Rounds it was asked to contribute to, and did. */
  asked: z.number().int(),
  contributed: z.number().int(),
});
export type DeviceView = z.infer<typeof DeviceView>;

export const AdminView = z.strictObject({
  coordinator: PublicKey,
  studyKey: PublicKey.nullable(),
  publicUrl: z.string(),
  tasks: z.array(TaskView),
  runs: z.array(RunSummary),
  devices: z.array(DeviceView),
});
export type AdminView = z.infer<typeof AdminView>;
