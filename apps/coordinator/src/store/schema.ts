/** Rows as they lie in the database. JSON columns hold values of the protocol's or fl-core's types. */
export interface Tables {
  meta: { name: string; value: string };
  tasks: { task: string; topology: string; parameters: number; seen: number };
  task_files: { file: string; made: number };
  task_revisions: {
    task: string;
    revision: number;
    manifest: string;
    card: string;
    model: string;
    held_out: string;
    sample: string | null;
    weights: string | null;
    parameters: number;
    held_out_examples: number;
    sample_examples: number;
    at: number;
    by: string;
  };
  archived_tasks: { task: string; at: number };
  runs: {
    run: string;
    task: string;
    state: string;
    note: string | null;
    config: string;
    initial: string;
    started: number;
    /** Of its task; null of a folder's. */
    revision: number | null;
  };
  rounds: { run: string; round: number; outcome: string | null };
  /** What of a round has a sum of its own: part 0 is the whole of it, 1 … are its groups. */
  parts: { run: string; round: number; part: number; setup: string; plan: string | null };
  part_events: { run: string; round: number; part: number; seq: number; event: string };
  round_facts: { run: string; round: number; facts: string };
  plans: { plan: string; signed: string };
  updates: { plan: string; device: string; digest: string; withdrawn: number };
  answers: { plan: string; kind: string; place: number; digest: string };
  transcripts: { transcript: string; run: string; round: number; signed: string };
  models: { model: string; task: string; run: string; round: number; made: number };
  /** What participants are offered; of a task that is not here, the latest. */
  pinned_models: { task: string; model: string; run: string; round: number };
  evaluations: { model: string; held_out: string; at: number; result: string };
  devices: {
    device: string;
    task: string;
    key: string;
    contributes: number;
    seen: number;
    asked: number;
    contributed: number;
    /** Milliseconds connected, in stretches that are over. */
    attended: number;
    /** Rounds in a row that it was asked in and not heard. */
    silent: number;
    /** Rounds that it was asked in and not heard. */
    failed: number;
    /** What it says of itself, JSON. */
    about: string | null;
  };
  /** What people call a device and whose it is, in every task. */
  device_names: { device: string; name: string; owner: string };
  certificates: {
    device: string;
    task: string;
    role: string;
    expiry: number;
    certificate: string;
    /** The study key it holds under; null: kept before that was noted. */
    study: string | null;
  };
  /** The highest number counts. A key that is null: there is none any more. */
  study_keys: { number: number; key: string | null; since: number };
  task_admission: { task: string; admission: string };
  verdicts: { device: string; task: string; key: string | null; verdict: string; invite: string | null; at: number };
  invites: {
    invite: string;
    task: string;
    label: string;
    uses: number;
    used: number;
    expiry: number | null;
    made: number;
    revoked: number | null;
  };
  admin_sessions: { session: string; person: string; expiry: number };
  audit_entries: { entry: number; at: number; who: string; action: string; detail: string };
}
