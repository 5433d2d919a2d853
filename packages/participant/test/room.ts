import { chooseEncoding } from '@sotto/fl-core/encoding';
import { BOX_BYTES, PROFILES } from '@sotto/he-core/params';
import { toHex } from '@sotto/protocol/bytes';
import { issueCertificate, type Role } from '@sotto/protocol/certificate';
import { canonicalJson, sha256Hex } from '@sotto/protocol/digest';
import { deviceIdOf, type RoundKey } from '@sotto/protocol/ids';
import { OPEN_PINS, type Pins } from '@sotto/protocol/invite';
import { DONE, type RequestName, type RequestOf } from '@sotto/protocol/messages';
import { encodeModelFile } from '@sotto/protocol/model-file';
import type { OneTimeKey } from '@sotto/protocol/one-time-key';
import { leastThreshold, type Plan, planHash, planString } from '@sotto/protocol/plan';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { type Signer, signerOf } from '@sotto/protocol/signature';
import type { Vote } from '@sotto/protocol/transcript';
import { listedUpdate, listHash, type UpdateRecord } from '@sotto/protocol/update-record';
import { encodeUtf8 } from '@sotto/protocol/utf8';
import type { Clock } from '../src/clock.ts';
import { createCommitteeDuty } from '../src/committee-duty.ts';
import { createConsent } from '../src/consent.ts';
import { createContributing } from '../src/contributing.ts';
import { type Identity, openIdentity } from '../src/identity.ts';
import { createSealing } from '../src/sealing/service.ts';
import type { Transport } from '../src/transport.ts';
import { createMemoryVault } from '../src/vault/memory.ts';
import type { Vault } from '../src/vault.ts';

/**
 * A coordinator that does whatever a test tells it to, in front of real devices with real sealing. Only training is made up: it returns
 * a given delta, so that sums can be compared.
 */
export const TASK = 'numbers';
const PARAMETERS = 10;
export const NOW = 1_800_000_000_000;

export interface Upload {
  readonly record: UpdateRecord;
  readonly bytes: Uint8Array;
}

type Handler = (name: RequestName, payload: unknown, bytes?: Uint8Array) => Answer | Promise<Answer>;
type Answer = { reply: object; bytes?: Uint8Array } | Rejection;

export interface Device {
  identity: Identity;
  vault: Vault;
  /** Everything it sent, in order. */
  readonly sent: { name: RequestName; payload: unknown; bytes: Uint8Array | undefined }[];
  /** The paths it fetched, in order. */
  readonly fetched: string[];
  /** What the coordinator answers; replaced by tests. */
  answer: Handler;
  committee: ReturnType<typeof createCommitteeDuty>;
  contributing: ReturnType<typeof createContributing>;
  readonly problems: Rejection[];
  /** The same device after its process ended: only the vault is left. */
  restart(): void;
  /** The same, with a vault that is opened anew from what lies on disk. */
  reopen(): Promise<void>;
  clock: number;
  /** Replaced by tests that need learning or sealing to take its time. */
  work: { train(): Promise<void>; seal(): Promise<void>; model(): Promise<void>; open(): Promise<void> };
  /** Code that was served instead of ours, and what it does with the plain update it is given. */
  served: (delta: Float32Array) => void;
  /** The levels it sealed, by plan. */
  readonly levels: Map<string, Int32Array>;
  /** Every share its boxes were opened to, the very arrays that it works with. */
  readonly shares: Uint16Array[];
  /** What it learned and sealed, in order. */
  readonly done: ('train' | 'seal' | 'cancel')[];
  /** Lets time pass, and rings what is due. */
  advance(ms: number): void;
}

async function signer(): Promise<Signer> {
  const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
  return signerOf(pair.privateKey, toHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))));
}

const MODEL = encodeModelFile({
  topology: '{}',
  tensors: [{ name: 'w', shape: [PARAMETERS] }],
  weights: new Float32Array(PARAMETERS),
});

/** A model with other weights, or another topology, than the room's. */
export function otherModel({ topology = '{}', weight = 0 }): { bytes: Uint8Array; hash: string } {
  const weights = new Float32Array(PARAMETERS).fill(weight);
  const bytes = encodeModelFile({ topology, tensors: [{ name: 'w', shape: [PARAMETERS] }], weights });
  return { bytes, hash: sha256Hex(bytes) };
}

export type Room = Awaited<ReturnType<typeof createRoom>>;
export type Made = Awaited<ReturnType<Room['plan']>>;

/** `vouched`: its devices pin the study key that certifies its members and, where they carry certificates, its devices. */
export async function createRoom({ pins = {}, vouched = false }: { pins?: Partial<Pins>; vouched?: boolean } = {}) {
  const coordinator = await signer();
  const study = await signer();
  const documents = new Map<string, Uint8Array>([[`/api/models/${sha256Hex(MODEL)}`, MODEL]]);
  const allPins: Pins = { ...OPEN_PINS, ...(vouched && { studyKey: study.publicKey }), ...pins };

  async function device({
    delta = 0.1,
    certified = [] as Role[],
    floor = 3,
    openVault = createMemoryVault as () => Vault | Promise<Vault>,
  } = {}): Promise<Device> {
    const vault = await openVault();
    const identity = await openIdentity(vault);
    const certificates = await Promise.all(certified.map((role) => certify(identity.publicKey, role)));
    const sent: Device['sent'] = [];
    const problems: Rejection[] = [];
    const sealing = createSealing();
    const alarms = new Set<{ readonly time: number; readonly ring: () => void }>();
    const done: Device['done'] = [];
    const self = {
      identity,
      vault,
      sent,
      problems,
      done,
      fetched: [],
      levels: new Map(),
      shares: [],
      served: () => {},
      clock: NOW,
      work: { train: async () => {}, seal: async () => {}, model: async () => {}, open: async () => {} },
      answer: () => ({ reply: DONE }),
    } as unknown as Device;
    self.advance = (ms) => {
      self.clock += ms;
      for (const alarm of [...alarms]) if (alarm.time <= self.clock && alarms.delete(alarm)) alarm.ring();
    };
    const clock: Pick<Clock, 'now' | 'at'> = {
      now: () => self.clock,
      at(time, ring) {
        const alarm = { time, ring };
        alarms.add(alarm);
        return () => alarms.delete(alarm);
      },
    };
    const transport: Transport = {
      open() {},
      close() {},
      async fetch(path) {
        self.fetched.push(path);
        if (path.startsWith('/api/models/')) await self.work.model();
        return documents.get(path)?.slice() ?? reject('not_found', path);
      },
      async request(name, payload, bytes) {
        sent.push({ name, payload: structuredClone(payload), bytes: bytes?.slice() });
        const answered = await self.answer(name, payload, bytes);
        return isRejection(answered)
          ? answered
          : ({ reply: answered.reply, bytes: answered.bytes ?? new Uint8Array(0) } as never);
      },
    };
    self.reopen = async () => {
      self.vault.close();
      self.vault = await openVault();
      self.identity = await openIdentity(self.vault);
      self.restart();
    };
    self.restart = () => {
      alarms.clear();
      const agreed = { vault: self.vault, task: TASK, pins: allPins, address: '', offered: null };
      const shared = {
        transport,
        vault: self.vault,
        identity: self.identity,
        pins: allPins,
        task: TASK,
        floor,
        now: () => self.clock,
        coordinator: () => coordinator.publicKey,
        consent: createConsent({ ...agreed, now: () => self.clock, onChange() {} }).check,
      };
      self.committee = createCommitteeDuty({
        ...shared,
        clock,
        sealer: {
          ...sealing,
          async check(request) {
            const checked = await sealing.check(request);
            self.shares.push(...checked.shares.filter((share) => share instanceof Uint16Array));
            return checked;
          },
          async open(shares) {
            await self.work.open();
            return sealing.open(shares);
          },
        },
      });
      self.contributing = createContributing({
        ...shared,
        sealer: {
          async seal(request) {
            done.push('seal');
            self.served(request.result.delta);
            const sealed = await sealing.seal(request);
            try {
              await self.work.seal();
            } catch (cause) {
              return reject('sealing_failed', String(cause));
            }
            return sealed;
          },
        },
        trainer: {
          async train() {
            done.push('train');
            await self.work.train();
            return {
              delta: new Float32Array(PARAMETERS).fill(delta),
              examples: 10,
              correct: 5,
              lossSum: 2,
              finalLoss: 1,
              finalAccuracy: 1,
            } as never;
          },
          cancel: () => void done.push('cancel'),
        },
        data: () => ({ inputs: new Uint8Array(10), shape: [1], scale: 1, labels: new Int32Array(10) }),
        validation: null,
        sleep: async () => {},
        certificate: () => certificates.find(({ role }) => role === 'device') ?? null,
        witness: (planHash, levels) => self.levels.set(planHash, levels),
        seed: 1,
        onEvent: (event) => {
          if (event.type === 'problem') problems.push(event.problem);
        },
      });
    };
    self.restart();
    return self;
  }

  function certify(key: string, role: Role, by: Signer = study) {
    return issueCertificate(by, { key, task: TASK, role, expiry: NOW + 3600_000 });
  }

  function roundKey(round = 1, group = 0): RoundKey {
    return { coordinator: coordinator.publicKey, task: TASK, run: 'run-1', round, group };
  }

  /** Asks a device for its one-time key. */
  async function summon(member: Device, round = 1, group = 0): Promise<OneTimeKey | Rejection> {
    const refused = await member.committee.perform({
      kind: 'one-time-key',
      round: roundKey(round, group),
      expiry: NOW + 3600_000,
    });
    if (refused) return refused;
    return (member.sent.findLast(({ name }) => name === 'one-time-key')!.payload as RequestOf<'one-time-key'>).oneTime;
  }

  /** Signs a plan for these members and publishes it. `change` tampers with it before it is signed. */
  async function plan(
    members: readonly Device[],
    change: (plan: Plan) => Plan = (same) => same,
    round = 1,
    group = 0,
  ): Promise<{ hash: string; plan: Plan }> {
    const encoding = chooseEncoding(PROFILES, {
      parameters: PARAMETERS,
      nMax: 10,
      lanes: 2,
      bits: 8,
      rotation: false,
      rotationSeed: 1,
      scale: null,
      calibration: null,
      range: 1,
      clip: 10,
      exampleCap: 10,
    });
    if (isRejection(encoding)) throw new Error(encoding.message);
    const keys = await Promise.all(members.map((member) => summon(member, round, group)));
    const certificates = await Promise.all(members.map(({ identity }) => certify(identity.publicKey, 'member')));
    const made = change({
      version: 1,
      ...roundKey(round, group),
      model: sha256Hex(MODEL),
      training: { optimizer: { name: 'sgd', learningRate: 0.1 }, epochs: 1, batchSize: 1 },
      encoding,
      noise: null,
      committee: {
        threshold: leastThreshold(members.length),
        members: members.map(({ identity }, i) => ({
          key: identity.publicKey,
          certificate: certificates[i]!,
          oneTime: keys[i] as OneTimeKey,
        })),
      },
      minimumCohort: 3,
      deadlines: { upload: NOW + 1000, check: NOW + 2000, vote: NOW + 3000, open: NOW + 4000 },
      previous: null,
    });
    return publish(made);
  }

  async function publish(made: Plan): Promise<{ hash: string; plan: Plan }> {
    const hash = planHash(made);
    const signature = await coordinator.sign(planString(hash));
    documents.set(`/api/plans/${hash}`, encodeUtf8(canonicalJson({ plan: made, signature })));
    return { hash, plan: made };
  }

  /** Has a device contribute, and takes its upload. */
  async function contribute(contributor: Device, hash: string): Promise<Upload | Rejection> {
    const parts: Uint8Array[] = [];
    let record: UpdateRecord | undefined;
    let received = 0;
    contributor.answer = (name, payload, bytes) => {
      if (name === 'upload') record = (payload as RequestOf<'upload'>).record;
      if (name === 'part') {
        parts.push(bytes!.slice());
        received += bytes!.length;
      }
      return { reply: name === 'commit' ? DONE : { received } };
    };
    const refused = await contributor.contributing.asked(hash);
    if (refused) return refused;
    if (!record) return contributor.problems.at(-1) ?? reject('silent', 'the device sent nothing');
    const bytes = new Uint8Array(received);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return { record, bytes };
  }

  async function contributeAll(devices: readonly Device[], { hash }: { hash: string }): Promise<Upload[]> {
    const uploads: Upload[] = [];
    for (const device of devices) uploads.push(must(await contribute(device, hash)));
    return uploads;
  }

  /** Shows a member these candidates and asks it to check. `boxOf` may swap boxes. */
  async function check(
    member: Device,
    made: { hash: string; plan: Plan },
    uploads: readonly Upload[],
    boxOf: (upload: Upload, x: number) => Uint8Array = box,
  ) {
    const sorted = inOrder(uploads);
    const x = made.plan.committee.members.findIndex(({ key }) => key === member.identity.publicKey) + 1;
    member.answer = (name) => {
      if (name !== 'candidates') return { reply: DONE };
      const bytes = new Uint8Array(sorted.length * BOX_BYTES);
      sorted.forEach((upload, i) => {
        bytes.set(boxOf(upload, x), i * BOX_BYTES);
      });
      return { reply: { records: sorted.map(({ record }) => record), total: sorted.length }, bytes };
    };
    const refused = await member.committee.perform({
      kind: 'check',
      planHash: made.hash,
      candidates: hashOf(made.hash, uploads),
    });
    return refused ?? member.sent.findLast(({ name }) => name === 'answer')!;
  }

  async function vote(
    member: Device,
    made: { hash: string },
    devices: readonly Device[] | readonly string[],
  ): Promise<(RequestOf<'vote'> & Vote) | Rejection> {
    const contributors = devices.map((one) => (typeof one === 'string' ? one : one.identity.device)).sort();
    const refused = await member.committee.perform({ kind: 'vote', planHash: made.hash, contributors });
    return refused ?? (member.sent.findLast(({ name }) => name === 'vote')!.payload as RequestOf<'vote'>);
  }

  async function open(member: Device, made: { hash: string }, contributors: string, votes: readonly Vote[]) {
    const only = votes.map(({ x, signature }) => ({ x, signature }));
    const refused = await member.committee.perform({ kind: 'open', planHash: made.hash, contributors, votes: only });
    return refused ?? member.sent.findLast(({ name }) => name === 'opening')!;
  }

  return {
    coordinator,
    study,
    documents,
    device,
    certify,
    roundKey,
    summon,
    plan,
    publish,
    contribute,
    contributeAll,
    check,
    vote,
    open,
  };
}

/** A round that these devices and as many new ones as make `count`, all of them its members, have contributed to. */
export async function contributedRound(room: Room, count = 4, given: readonly Device[] = [], round = 1) {
  const fresh = Array.from({ length: count - given.length }, () => room.device());
  const devices = [...given, ...(await Promise.all(fresh))];
  const made = await room.plan(devices, (plan) => plan, round);
  return { devices, made, uploads: await room.contributeAll(devices, made) };
}

/** The same, and all of them have checked it. */
export async function checkedRound(room: Room, count?: number, given?: readonly Device[], round?: number) {
  const { devices, made, uploads } = await contributedRound(room, count, given, round);
  for (const member of devices) must(await room.check(member, made, uploads));
  return { devices, made, uploads };
}

export function inOrder(uploads: readonly Upload[]): Upload[] {
  return [...uploads].sort((a, b) => (deviceIdOf(a.record.key) < deviceIdOf(b.record.key) ? -1 : 1));
}

export function hashOf(planHash: string, uploads: readonly Upload[]): string {
  return listHash(uploads.map(({ record }) => listedUpdate(planHash, record)));
}

/** The box for place x inside an upload's bytes. */
export function box({ record, bytes }: Upload, x: number): Uint8Array {
  const start = bytes.length - (record.boxes.length - x + 1) * BOX_BYTES;
  return bytes.subarray(start, start + BOX_BYTES);
}

export function ciphertext({ record, bytes }: Upload): Uint8Array {
  return bytes.subarray(0, bytes.length - record.boxes.length * BOX_BYTES);
}

export function must<T>(value: T): Exclude<T, { readonly rejected: string }> {
  if (isRejection(value)) throw new Error(JSON.stringify(value));
  return value as Exclude<T, { readonly rejected: string }>;
}
