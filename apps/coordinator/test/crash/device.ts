import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom, mixSeed } from '@sotto/learner/random';
import { systemClock } from '@sotto/participant/clock';
import { createParticipant, type Participant } from '@sotto/participant/participant';
import { createSealing, type Sealing } from '@sotto/participant/sealing/service';
import type { Vault } from '@sotto/participant/vault';
import { openSqliteVault } from '@sotto/participant/vault/sqlite.node';
import { OPEN_PINS } from '@sotto/protocol/invite';
import { decodeModelFile } from '@sotto/protocol/model-file';
import { InvariantError, isRejection } from '@sotto/protocol/rejection';
import type { Facts } from './facts.ts';
import { createLine, type Line } from './line.ts';

const TASK = 'tiny';
export const EXAMPLES = 10;

const DATA = { inputs: new Uint8Array(20), shape: [2], scale: 1, labels: new Int32Array(EXAMPLES) };

/** One for all devices, in this thread. */
export const SEALING = createSealing();

/** A device with the SDK as it is, its vault in a file, that learns the same known numbers whenever it learns. */
export interface Device {
  id(): string;
  participant(): Participant;
  line(): Line;
  /** The coordinator listens here now. */
  connect(url: string): void;
  /** As if its process were gone from one moment to the next: whatever it was about to do or to be told never happens. */
  die(): void;
  /** The next process, over the same vault. */
  revive(): Promise<void>;
}

export interface DeviceOptions {
  readonly folder: string;
  readonly index: number;
  readonly facts: Facts;
  /** The device dies at its nth write to the vault or request, just before or just after it. */
  readonly fate?: Fate | undefined;
  readonly onDeath?: (device: Device) => void;
  readonly sealing?: Sealing;
  /** The code it brings. */
  readonly invite?: () => string | null;
  /** Learning begins when this is done. */
  readonly beforeLearning?: () => Promise<void> | undefined;
}

export interface Fate {
  readonly of: 'write' | 'request';
  readonly when: 'before' | 'after';
  readonly nth: number;
}

interface Life {
  readonly participant: Participant;
  readonly line: Line;
  readonly vault: Vault;
}

export function createDevice({
  folder,
  index,
  facts,
  fate,
  onDeath,
  sealing = SEALING,
  invite,
  beforeLearning,
}: DeviceOptions): Device {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'device.sqlite');
  let life: Life | undefined;
  let url: string | undefined;
  let left = fate;

  async function live(): Promise<Life> {
    const state = { dead: false, done: 0 };
    const never = () => new Promise<never>(() => {});
    /** What a dead process asked for never comes back to it, and what it was about to ask for never happens. */
    async function mortal<T>(of: Fate['of'] | null, work: () => Promise<T>): Promise<T> {
      if (state.dead) return never();
      const due = left !== undefined && of === left.of && ++state.done >= left.nth ? left.when : undefined;
      if (due) left = undefined;
      if (due === 'before') end();
      if (state.dead) return never();
      const result = await work();
      if (due === 'after') end();
      return state.dead ? never() : result;
    }
    const end = () => {
      // It may not even have come so far as to be this device's life.
      state.dead = true;
      line.close();
      vault.close();
      onDeath?.(device);
    };

    const vault = openSqliteVault(file);
    const line = createLine(facts.witnessOf(() => device.id()));
    const participant = await createParticipant(
      {
        task: TASK,
        pins: { ...OPEN_PINS, invite: invite?.() ?? null },
        data: DATA,
        seed: index,
        witness: (planHash, levels) => facts.sealedBy(device.id(), planHash, levels),
      },
      {
        transport: {
          ...line,
          request: (name, payload, bytes) => mortal('request', () => line.request(name, payload, bytes)),
          fetch: (path) => mortal(null, () => line.fetch(path)),
        },
        vault: {
          get: (table, key) => mortal(null, () => vault.get(table, key)),
          list: (table, prefix) => mortal(null, () => vault.list(table, prefix)),
          write: (batch, expected) => mortal('write', () => vault.write(batch, expected)),
          createKeys: vault.createKeys,
          close: vault.close,
        },
        sealer: sealing,
        trainer: {
          async train({ model }) {
            await beforeLearning?.();
            return learn(model, index);
          },
          cancel() {},
        },
        clock: systemClock,
      },
    );
    return { participant, line, vault };
  }

  const device: Device = {
    id: () => device.participant().state().device!,
    participant: () => life!.participant,
    line: () => life!.line,
    connect(now) {
      url = now;
      life?.line.connect(now);
    },
    die() {
      life?.line.close();
      life?.vault.close();
    },
    async revive() {
      life = await live();
      if (url !== undefined) life.line.connect(url);
      await life.participant.join();
    },
  };
  return device;
}

/** The same small numbers every time, others for each device. */
async function learn(file: Uint8Array, index: number) {
  const model = decodeModelFile(file);
  if (isRejection(model)) throw new InvariantError(model.message);
  const random = createRandom(mixSeed(index, 7));
  return {
    delta: Float32Array.from(model.weights, () => (random() - 0.5) / Math.sqrt(model.weights.length)),
    examples: EXAMPLES,
    correct: EXAMPLES / 2,
    lossSum: 2,
    finalLoss: 1,
    finalAccuracy: 1,
  };
}
