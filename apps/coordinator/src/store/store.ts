import type { RoundEvent, RoundSetup } from '@sotto/fl-core/round/round';
import type { Certificate } from '@sotto/protocol/certificate';
import type { SignedPlan } from '@sotto/protocol/plan';
import type { RoundOutcome, RunSummary } from '@sotto/protocol/run';
import type { Transcript } from '@sotto/protocol/transcript';

/** A run as it is kept: its summary without the rounds, which have rows of their own. */
export type RunRecord = Omit<RunSummary, 'rounds'>;

export interface RoundRecord {
  readonly run: string;
  readonly round: number;
  readonly setup: RoundSetup;
  readonly planHash: string | null;
  readonly outcome: RoundOutcome | null;
}

/** One accepted event, and what must become true with it or not at all. */
export interface Entry {
  readonly run: string;
  readonly round: number;
  /** 0, 1, 2 … within the round. */
  readonly seq: number;
  readonly event: RoundEvent;
  readonly plan?: { readonly hash: string; readonly signed: SignedPlan };
  readonly model?: { readonly hash: string; readonly task: string };
  readonly transcript?: { readonly hash: string; readonly signed: Transcript };
  readonly outcome?: RoundOutcome;
  /** Devices whose update was counted in a published sum. */
  readonly contributors?: readonly string[];
}

export interface DeviceRecord {
  readonly device: string;
  readonly task: string;
  readonly key: string;
  readonly contributes: boolean;
  readonly lastSeen: number;
  readonly asked: number;
  readonly contributed: number;
}

/** Where the truth lies. Every call is one transaction; what it has answered survives a crash. */
export interface Store {
  /** The value kept under `name`; keeps `value` when there is none yet. */
  remember(name: string, value: string): Promise<string>;
  /** The value kept under `name`, if any. */
  recall(name: string): Promise<string | undefined>;

  /**
   * Parameters of a task's model, as last counted for this very topology (and whatever else the caller puts into the string);
   * undefined when they were not.
   */
  parametersOf(task: string, topology: string): Promise<number | undefined>;
  saveTask(task: string, topology: string, parameters: number, at: number): Promise<void>;

  addRun(run: RunRecord): Promise<void>;
  setRunState(run: string, state: RunRecord['state'], note: string | null): Promise<void>;
  /** Oldest first. */
  runs(): Promise<RunRecord[]>;

  /** Begins a round and counts it for every device of its cohort. */
  addRound(run: string, task: string, round: number, setup: RoundSetup): Promise<void>;
  /** @throws InvariantError when the round already has an event with this seq. */
  append(entry: Entry): Promise<void>;
  /** Ascending. */
  rounds(run: string): Promise<RoundRecord[]>;
  /** In the order they were accepted. */
  events(run: string, round: number): Promise<RoundEvent[]>;

  plan(hash: string): Promise<SignedPlan | undefined>;
  transcript(hash: string): Promise<Transcript | undefined>;

  sawDevice(device: Pick<DeviceRecord, 'device' | 'task' | 'key' | 'contributes' | 'lastSeen'>): Promise<void>;
  devices(): Promise<DeviceRecord[]>;

  /** Keeps the certificate, unless one that lives longer is kept already. */
  keepCertificate(certificate: Certificate): Promise<void>;
  /** Unexpired certificates of one task, or of one device in it. */
  certificates(task: string, now: number, device?: string): Promise<Certificate[]>;

  openSession(session: string, expiry: number): Promise<void>;
  hasSession(session: string, now: number): Promise<boolean>;
  closeSession(session: string): Promise<void>;

  audit(at: number, action: string, detail: unknown): Promise<void>;

  close(): Promise<void>;
}
