import { z } from 'zod';
import { TaskAdmission } from './admission.ts';
import { Hash, PublicKey, Slug, Time } from './ids.ts';
import { MadeIn, RunSummary, Status } from './run.ts';
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
  /** How a few of them begin, each with the number of its class: of texts only, which nobody can read back from what is learned from. */
  excerpts: z.array(z.strictObject({ text: z.string(), label: z.number().int() })),
  coordinator: PublicKey,
  /** The study key this coordinator was told of: a hint for links, never a reason to trust. */
  studyKey: PublicKey.nullable(),
  /** Keys of devices that hold a certificate as committee members of the task now, ascending: whom a named committee is made of. */
  members: z.array(PublicKey),
  status: Status,
  /** The task's latest run. */
  run: RunSummary.nullable(),
  /** The run of the pinned version, if that is not the latest; otherwise the latest earlier run with a published model, as long as `run` has published none. */
  earlier: RunSummary.nullable(),
  /** The version that whoever runs the study offers, whatever later rounds publish; null: the latest. */
  pinned: MadeIn.extend({ model: Hash }).nullable(),
});
export type TaskView = z.infer<typeof TaskView>;

export const TaskList = z.strictObject({
  tasks: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      summary: z.string(),
      kind: TaskManifest.shape.kind,
      classes: TaskManifest.shape.classes,
      translations: TaskManifest.shape.translations,
      status: Status,
    }),
  ),
});
export type TaskList = z.infer<typeof TaskList>;

/** Who is signed in. A viewer sees everything and changes nothing. */
export const Person = z.strictObject({
  name: z.string(),
  /** As the OpenID provider names them for ever; null for whoever came by the coordinator's own token. */
  subject: z.string().nullable(),
  role: z.enum(['admin', 'viewer']),
});
export type Person = z.infer<typeof Person>;

/** What a browser needs to know before anybody is signed in: who it is, and which ways in there are. */
export const SessionView = z.strictObject({ person: Person.nullable(), openId: z.boolean() });
export type SessionView = z.infer<typeof SessionView>;

export const AuditEntry = z.strictObject({
  entry: z.number().int(),
  at: Time,
  who: z.string(),
  action: z.string(),
  detail: z.unknown(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;
export const AuditPage = z.strictObject({ entries: z.array(AuditEntry) });
export type AuditPage = z.infer<typeof AuditPage>;

/** What was decided about a device in a task: it asked to be let in and waits, it was let in, or it was shut out. */
export const Verdict = z.enum(['waiting', 'admitted', 'revoked']);
export type Verdict = z.infer<typeof Verdict>;

/** An invite code as the admin sees it: never the code, which was shown once. */
export const InviteView = z.strictObject({
  /** SHA-256 of the code. */
  invite: Hash,
  label: z.string(),
  uses: z.number().int(),
  used: z.number().int(),
  expiry: Time.nullable(),
  made: Time,
  revoked: Time.nullable(),
});
export type InviteView = z.infer<typeof InviteView>;

/** The door of a task. */
export const AdmissionView = z.strictObject({
  task: Slug,
  admission: TaskAdmission,
  invites: z.array(InviteView),
});
export type AdmissionView = z.infer<typeof AdmissionView>;
