import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createParticipant, type Participant } from '@sotto/participant/participant';
import { createSealing, type Sealing } from '@sotto/participant/sealing/service';
import type { Transport, TransportListeners } from '@sotto/participant/transport';
import type { Vault } from '@sotto/participant/vault';
import { createMemoryVault } from '@sotto/participant/vault/memory';
import type { Certificate } from '@sotto/protocol/certificate';
import { canonicalJson } from '@sotto/protocol/digest';
import { OPEN_PINS, type Pins } from '@sotto/protocol/invite';
import type { HintName, HintOf } from '@sotto/protocol/messages';
import { decodeModelFile, encodeModelFile } from '@sotto/protocol/model-file';
import { isRejection, reject } from '@sotto/protocol/rejection';
import { examplesHash, type TaskManifest } from '@sotto/protocol/task';
import { encodeUtf8 } from '@sotto/protocol/utf8';
import { createDoor } from '../src/admission/door.ts';
import type { Engine } from '../src/aggregation/engine.ts';
import { createJobs } from '../src/aggregation/jobs.ts';
import { modelBlob } from '../src/aggregation/upload-layout.ts';
import type { Blobs } from '../src/blobs/blobs.ts';
import { createFileBlobs } from '../src/blobs/files.ts';
import { createDesk } from '../src/desk/desk.ts';
import type { Session } from '../src/desk/session.ts';
import { createSessions } from '../src/desk/sessions.ts';
import { openIdentity } from '../src/identity.ts';
import type { Log } from '../src/log.ts';
import type { OpenedRound } from '../src/rounds/round-ports.ts';
import { createRuns } from '../src/rounds/runs.ts';
import { openDatabase } from '../src/store/database.ts';
import { createSqlStore } from '../src/store/sql-store.ts';
import type { Store } from '../src/store/store.ts';
import type { Task } from '../src/tasks/tasks.ts';
import { isUnavailable, UNAVAILABLE } from '../src/unavailable.ts';
import type { MockClock } from './mock-clock.ts';

/** A whole coordinator but for HTTP and sockets, in this process, with real sealing and made-up learning. */
export const TASK = 'numbers';
export const PARAMETERS = 10;

const manifest: TaskManifest = {
  version: 1,
  id: TASK,
  title: 'Numbers',
  summary: 'Learns ten numbers.',
  kind: 'table',
  classes: ['no', 'yes'],
  input: { shape: [1], columns: [{ type: 'number', name: 'a', mean: 0, deviation: 1, missing: 'refuse' }] },
  model: 'model.json',
  data: { format: 'csv', train: 'train.csv', test: 'test.csv', label: 'yes' },
  card: 'DATA.md',
  training: { optimizer: { name: 'sgd', learningRate: 0.1 }, epochs: 1, batchSize: 1 },
  privacy: { clip: 10, range: 1, exampleCap: 10, minimumCohort: 3 },
  rounds: 1,
};

const DATA = { inputs: new Uint8Array(10), shape: [1], scale: 1, labels: new Int32Array(10) };
const task: Task = {
  manifest,
  revision: null,
  alike: new Set(),
  archived: false,
  folder: '/nowhere',
  source: manifest,
  weights: null,
  card: '# Numbers',
  topology: '{}',
  data: { train: () => DATA, test: () => DATA, trainSize: 10, excerpts: () => [] },
};

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'sotto-coordinator-'));
}

export interface HallOptions {
  readonly clock: MockClock;
  readonly folder?: string;
  /** PostgreSQL; else SQLite in the folder. */
  readonly database?: { readonly url: string; readonly answerMs?: number };
  readonly studyKey?: string | null;
  readonly budgetBytes?: number;
  readonly examplesOf?: (task: string) => string | null;
  /** Puts itself between the coordinator and its store. */
  readonly wrap?: (store: Store) => Store;
  readonly wrapBlobs?: (blobs: Blobs) => Blobs;
  readonly wrapEngine?: (engine: Engine) => Engine;
  readonly errors?: unknown[];
  /** Of a model with this accuracy; 1 of any, by default. */
  readonly lossOf?: (accuracy: number) => number;
}

export async function openHall(options: HallOptions) {
  const { clock, folder = newFolder(), studyKey = null, errors = [], lossOf = () => 1 } = options;
  const db = await openDatabase({ url: null, path: join(folder, 'sotto.sqlite'), ...options.database });
  const store = (options.wrap ?? ((same) => same))(createSqlStore(db));
  const identity = await openIdentity(folder);
  const blobs = (options.wrapBlobs ?? ((same) => same))(createFileBlobs(join(folder, 'blobs')));
  const engine = (options.wrapEngine ?? ((same) => same))({ ...createJobs(blobs), close: async () => {} });
  const sessions = createSessions();
  const opened: OpenedRound[] = [];
  const log = {
    debug() {},
    info() {},
    warn() {},
    error: (about: unknown) => errors.push(about),
    fatal: (about: unknown) => errors.push(about),
  } as unknown as Log;
  const runs = createRuns({
    store,
    blobs,
    engine,
    clock,
    signer: identity,
    log,
    sessions,
    tasks: new Map([[TASK, task]]),
    parameters: new Map([[TASK, PARAMETERS]]),
    studyKey: () => studyKey,
    taskAt: async () => ({ manifest, parameters: PARAMETERS }),
    makeInitialModel: async () =>
      encodeModelFile({
        topology: '{}',
        tensors: [{ name: 'w', shape: [PARAMETERS] }],
        weights: new Float32Array(PARAMETERS),
      }),
    // The first weight stands for the accuracy, so that a test sees which model was evaluated.
    async evaluate(_task, blob) {
      const model = decodeModelFile((await blobs.read(blob))!);
      if (isRejection(model)) throw new Error(model.message);
      const accuracy = model.weights[0]!;
      return { accuracy, loss: lossOf(accuracy) };
    },
    onOpened: (round) => opened.push(round),
  });
  const ports = {
    coordinator: identity.publicKey,
    studyKey: () => studyKey,
    runs,
    sessions,
    store,
    blobs,
    engine,
    clock,
    log,
  };
  const desk = createDesk({
    ...ports,
    room: async () => undefined,
    examplesOf: options.examplesOf ?? ((task) => (task === TASK ? examplesHash(manifest) : null)),
    ...(options.budgetBytes === undefined ? {} : { budgetBytes: options.budgetBytes }),
  });
  await runs.start();

  async function document(path: string): Promise<Uint8Array | undefined> {
    const [, kind, hash = ''] = /^\/api\/(plans|models|transcripts)\/([0-9a-f]{64})$/.exec(path) ?? [];
    if (kind === 'models') return blobs.read(modelBlob(hash));
    const json = kind === 'plans' ? await store.plan(hash) : await store.transcript(hash);
    return json && encodeUtf8(canonicalJson(json));
  }

  return {
    folder,
    desk,
    door: createDoor({ store, desk, studyKey: () => studyKey, clock }),
    runs,
    sessions,
    store,
    blobs,
    identity,
    opened,
    errors,
    document,
    db,
    /** The end without a farewell: only the folder is left. */
    async crash() {
      desk.close();
      runs.close();
      await db.destroy();
    },
  };
}

export type Hall = Awaited<ReturnType<typeof openHall>>;

/** The way of one device to whichever hall is open now. */
export interface Wire extends Transport {
  connect(hall: Hall): void;
  /** The line goes dead; requests under way are lost, whatever became of them. */
  cut(): void;
}

function createWire(): Wire {
  let hall: Hall | undefined;
  let session: Session | undefined;
  let listeners: TransportListeners | undefined;
  const pending = new Set<() => void>();
  const lost = () => reject('disconnected', 'The line is dead.');

  function open(): void {
    if (!hall || !listeners) return;
    const { onHint } = listeners;
    let own: Session | undefined;
    own = hall.desk.open((<Name extends HintName>(name: Name, payload: HintOf<Name>) => {
      const copy = structuredClone(payload);
      // As over a socket, a hint arrives later than it is sent, and not at all on a dead line.
      setImmediate(() => {
        if (session === own) onHint({ name, payload: copy } as never);
      });
    }) as never);
    session = own;
  }

  return {
    open(given) {
      listeners = given;
      open();
    },
    close() {
      session?.close();
      session = undefined;
      listeners = undefined;
    },
    connect(next) {
      hall = next;
      open();
    },
    cut() {
      session?.close();
      session = undefined;
      for (const settle of [...pending]) settle();
      listeners?.onDisconnect('cut');
    },
    async request(name, payload, bytes) {
      const own = session;
      if (!own) return lost();
      const { promise: dead, resolve } = Promise.withResolvers<ReturnType<typeof lost>>();
      const settle = () => resolve(lost());
      pending.add(settle);
      const answered = await Promise.race([own.receive(name, structuredClone(payload), bytes?.slice()), dead]);
      pending.delete(settle);
      if (isRejection(answered)) return answered;
      return { reply: structuredClone(answered.reply), bytes: answered.bytes ?? new Uint8Array(0) } as never;
    },
    async fetch(path) {
      try {
        return (await hall?.document(path)) ?? lost();
      } catch (error) {
        if (isUnavailable(error)) return UNAVAILABLE;
        throw error;
      }
    },
  };
}

export interface Guest {
  readonly participant: Participant;
  readonly wire: Wire;
  readonly vault: Vault;
  /** Levels it sealed, by plan. */
  readonly sealed: Map<string, Int32Array>;
}

export const sealing = createSealing();

/** A device with the SDK as it is, which learns `delta` in every round. */
export async function createGuest(
  clock: MockClock,
  {
    delta = 0.1,
    pins = {},
    certificates = [],
    contributes = true,
    vault = createMemoryVault(),
    sealer = {},
    examples,
  }: {
    readonly delta?: number;
    readonly pins?: Partial<Pins>;
    readonly certificates?: readonly Certificate[];
    readonly contributes?: boolean;
    readonly vault?: Vault;
    readonly examples?: string;
    /** For a device that does otherwise than ours. */
    readonly sealer?: Partial<Sealing>;
  } = {},
): Promise<Guest> {
  const wire = createWire();
  const sealed = new Map<string, Int32Array>();
  const participant = await createParticipant(
    {
      task: TASK,
      pins: { ...OPEN_PINS, ...pins },
      data: contributes ? DATA : null,
      ...(examples !== undefined && { examples }),
      certificates,
      witness: (planHash, levels) => sealed.set(planHash, levels),
    },
    {
      transport: wire,
      vault,
      sealer: { ...sealing, ...sealer },
      trainer: {
        train: async () => ({
          delta: new Float32Array(PARAMETERS).fill(delta),
          examples: 10,
          correct: 5,
          lossSum: 2,
          finalLoss: 1,
          finalAccuracy: 1,
        }),
        cancel() {},
      },
      clock: { now: clock.now, at: clock.at, sleep: () => new Promise((resolve) => setTimeout(resolve, 5)) },
    },
  );
  return { participant, wire, vault, sealed };
}

/** The same, come in to a hall. */
export async function seatGuest(
  hall: Hall,
  clock: MockClock,
  options: Parameters<typeof createGuest>[1] = {},
): Promise<Guest> {
  const guest = await createGuest(clock, options);
  guest.wire.connect(hall);
  await guest.participant.join();
  await until('the guest is in', () => guest.participant.state().connection === 'connected');
  return guest;
}

/** Less than a test may take, so that what did not come is said. */
const PATIENCE_MS = 55_000;

/** Waits, in real time, for what other tasks of this process bring about. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; ) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`it never came to be that ${what}`);
}
