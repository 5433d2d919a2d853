/** Rows as they lie in the database. JSON columns hold values of the protocol's or fl-core's types. */
export interface Tables {
  meta: { name: string; value: string };
  tasks: { task: string; topology: string; parameters: number; seen: number };
  runs: {
    run: string;
    task: string;
    state: string;
    note: string | null;
    config: string;
    initial: string;
    started: number;
  };
  rounds: {
    run: string;
    round: number;
    setup: string;
    plan: string | null;
    outcome: string | null;
  };
  round_events: { run: string; round: number; seq: number; event: string };
  plans: { plan: string; signed: string };
  transcripts: { transcript: string; run: string; round: number; signed: string };
  models: { model: string; task: string; run: string; round: number; made: number };
  devices: {
    device: string;
    task: string;
    key: string;
    contributes: number;
    seen: number;
    asked: number;
    contributed: number;
  };
  certificates: { device: string; task: string; role: string; expiry: number; certificate: string };
  admin_sessions: { session: string; expiry: number };
  audit: { at: number; action: string; detail: string };
}
