import { availableParallelism } from 'node:os';
import type { Dataset } from '@sotto/learner/dataset';
import { mixSeed } from '@sotto/learner/random';
import { startTrainer } from '@sotto/learner/worker/start.node';
import { systemClock } from '@sotto/participant/clock';
import { openIdentity } from '@sotto/participant/identity';
import { createParticipant, type Participant } from '@sotto/participant/participant';
import { spawnSealer } from '@sotto/participant/sealing/spawn.node';
import { createSocketTransport } from '@sotto/participant/transport/socket';
import { createMemoryVault } from '@sotto/participant/vault/memory';
import { type Certificate, issueCertificate, MAX_CERTIFICATE_LIFETIME_MS } from '@sotto/protocol/certificate';
import type { Pins } from '@sotto/protocol/invite';
import type { Signer } from '@sotto/protocol/signature';
import { Failure } from './failure.ts';
import type { Measurements } from './measurements.ts';
import { createSealingPool } from './sealing-pool.ts';
import { createTrainingPool } from './training-pool.ts';

export interface CrowdOptions {
  readonly url: string;
  readonly task: string;
  readonly pins: Pins;
  /** One participant for each. */
  readonly datasets: readonly Dataset[];
  /** Fixes data order and rounding; null draws them. */
  readonly seed: number | null;
  readonly measurements: Measurements;
  /** The first so many are certified as members by the study key. */
  readonly named?: { readonly study: Signer; readonly members: number };
  /** Whether the participant loses its connection in this round, and when. */
  readonly dropOut?: (participant: number, round: number) => DropOut | null;
}

/** While it learns: its update never comes. After its update counts: it is missed on the committee only. */
export type DropOut = 'before-upload' | 'after-upload';

export interface Crowd {
  /** All that are away connect, one after the other: the order of presence, hence of a drawn committee, is that of the participants. */
  join(): Promise<void>;
  /** Bytes the device sent since the last `forgetSent`. */
  sentBy(device: string): number;
  forgetSent(): void;
  /** Sum over participants of the part of their present training that is done, 0 … 1 each. */
  progress(): number;
  /** Rejects when somebody cannot learn, or all have left: the round would wait for updates that never come. */
  readonly faulted: Promise<never>;
  close(): Promise<void>;
}

interface Member {
  readonly participant: Participant;
  readonly device: string;
  away: boolean;
  /** The latest round it dropped out of: on its return it still shows where it stopped. */
  droppedOutOf: number;
  /** Bytes it sent in earlier rounds. */
  counted: number;
}

/** Many participants in this process: each with its own key, vault and socket; training and sealing workers are shared, one a core. */
export async function createCrowd(options: CrowdOptions): Promise<Crowd> {
  const { url, task, pins, datasets, seed, measurements, named, dropOut } = options;
  const cores = Math.min(availableParallelism(), datasets.length);
  const trainers = Array.from({ length: cores }, () => startTrainer());
  const { promise: faulted, reject: fault } = Promise.withResolvers<never>();
  faulted.catch(() => {});
  const training = createTrainingPool(trainers, fault);
  const sealing = createSealingPool(Array.from({ length: cores }, () => spawnSealer()));
  // Backends differ in the last bits: all workers must use the same one.
  await Promise.all(trainers.map((trainer) => trainer.prepare({ force: 'wasm' })));
  const members = await Promise.all(datasets.map(createMember));

  async function createMember(data: Dataset, index: number): Promise<Member> {
    const vault = createMemoryVault();
    const { publicKey, device } = await openIdentity(vault);
    const participant = await createParticipant(
      {
        task,
        pins,
        data,
        certificates: named && index < named.members ? [await certify(named.study, publicKey, task)] : [],
        ...(seed !== null && { seed: mixSeed(seed, index) }),
        witness: (planHash, levels) => measurements.witness(device, planHash, levels),
      },
      {
        transport: createSocketTransport(url),
        vault,
        trainer: training.seat(),
        sealer: sealing.seat((sealed) => measurements.sealed(device, sealed)),
        clock: systemClock,
      },
    );
    const member: Member = { participant, device, away: true, droppedOutOf: 0, counted: 0 };
    if (dropOut) participant.subscribe(() => dropWhenDue(member, index));
    return member;
  }

  function dropWhenDue(member: Member, index: number): void {
    const { phase, plan } = member.participant.state();
    const when: DropOut | null = phase === 'learning' ? 'before-upload' : phase === 'sent' ? 'after-upload' : null;
    if (member.away || !plan || !when || member.droppedOutOf === plan.plan.round) return;
    if (dropOut?.(index, plan.plan.round) !== when) return;
    member.away = true;
    member.droppedOutOf = plan.plan.round;
    void member.participant.leave();
  }

  return {
    async join() {
      for (const member of members) {
        if (!member.away) continue;
        member.away = false;
        await connect(member.participant);
      }
    },
    sentBy(device) {
      const member = members.find((other) => other.device === device);
      if (!member) return 0;
      return sentBytes(member.participant) - member.counted;
    },
    forgetSent() {
      for (const member of members) member.counted = sentBytes(member.participant);
    },
    progress: () =>
      members.reduce((total, { participant }) => {
        const { phase, progress } = participant.state();
        if (phase !== 'learning') return total + (phase === 'idle' ? 0 : 1);
        if (!progress) return total;
        const { epoch, epochs, batch, batches } = progress;
        return total + (epoch - 1 + batch / batches) / epochs;
      }, 0),
    faulted,
    async close() {
      fault(new Failure('The participants have left.'));
      await Promise.all(members.map(({ participant }) => participant.leave()));
      training.dispose();
      sealing.dispose();
    },
  };
}

/** @throws Failure when the coordinator does not let it in. */
async function connect(participant: Participant): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const before = participant.state().problem;
  const unsubscribe = participant.subscribe(() => {
    const { connection, problem } = participant.state();
    if (connection === 'connected') resolve();
    // That its learning was cut short when it dropped out is no reason to be refused.
    else if (problem && problem !== before && problem.rejected !== 'cancelled') reject(new Failure(problem.message));
  });
  try {
    await participant.join();
    await promise;
  } finally {
    unsubscribe();
  }
}

function certify(study: Signer, key: string, task: string): Promise<Certificate> {
  // A little less than the most, so that it is not too long by the clock's grain.
  const expiry = Date.now() + MAX_CERTIFICATE_LIFETIME_MS - 60_000;
  return issueCertificate(study, { key, task, role: 'member', expiry });
}

function sentBytes(participant: Participant): number {
  return Object.values(participant.state().ledgerTotals).reduce((total, { bytes }) => total + bytes, 0);
}
