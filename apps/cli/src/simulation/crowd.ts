import { availableParallelism } from 'node:os';
import type { Dataset } from '@sotto/learner/dataset';
import { mixSeed } from '@sotto/learner/random';
import type { TrainingResult } from '@sotto/learner/training';
import { TrainingError } from '@sotto/learner/training-error';
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
import { Failure } from '../failure.ts';
import type { DropOut } from './drop-out.ts';
import type { Measurements } from './measurements.ts';
import type { Caught } from './round.ts';
import { createSealingPool } from './sealing-pool.ts';
import { createTrainingPool, type Seat } from './training-pool.ts';

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
  /**
   * Whether too few stay of those that the participant is in this round with. Nobody says of a lost connection that it is for good, so such
   * a round would wait for its deadline, hours away: who leaves it says that no update will come.
   */
  readonly isHopeless?: (participant: number, round: number) => boolean;
  /** What a participant hands on to be sealed instead of what it learned. */
  readonly poison?: (participant: number, learned: TrainingResult, seed: number) => TrainingResult;
}

export interface Crowd {
  /** Their ids, in the order of the datasets. */
  readonly devices: readonly string[];
  /** All that are away connect, one after the other: the order of presence, hence of a drawn committee, is that of the participants. */
  join(): Promise<void>;
  /** Bytes the device sent since the last `forgetSent`. */
  sentBy(device: string): number;
  forgetSent(): void;
  /** How many found in this round that what they learned is no result of learning, and sent nothing. */
  caughtIn(round: number): Caught;
  /** Sum over participants of the part of their present training that is done, 0 … 1 each. */
  progress(): number;
  /** Rejects when somebody cannot learn at all, or all have left: the round would wait for updates that never come. */
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

/** Of an update that a device finds to be no result of learning. */
const UNFIT: ReadonlySet<string> = new Set(['not_finite', 'out_of_range']);

/** Many participants in this process: each with its own key, vault and socket; training and sealing workers are shared, one a core. */
export async function createCrowd(options: CrowdOptions): Promise<Crowd> {
  const { url, task, pins, datasets, seed, measurements, named, dropOut, isHopeless, poison } = options;
  const cores = Math.min(availableParallelism(), datasets.length);
  const trainers = Array.from({ length: cores }, () => startTrainer());
  const { promise: faulted, reject: fault } = Promise.withResolvers<never>();
  faulted.catch(() => {});
  const training = createTrainingPool(trainers, (error) => {
    // Whose training diverges tells the coordinator so, and the others go on.
    if (!(error instanceof TrainingError && error.code === 'not_finite')) fault(error);
  });
  const caught = new Map<number, Map<number, string>>();
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
        trainer: poison ? poisoned(training.seat(), index, poison) : training.seat(),
        sealer: sealing.seat((sealed) => measurements.sealed(device, sealed)),
        clock: systemClock,
      },
    );
    const member: Member = { participant, device, away: true, droppedOutOf: 0, counted: 0 };
    participant.subscribe(() => noteCaught(member, index));
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
    void leaveRound(member.participant, when === 'before-upload' && isHopeless?.(index, plan.plan.round) === true);
  }

  function noteCaught({ participant }: Member, index: number): void {
    const { problem, plan } = participant.state();
    if (!problem || !plan || !UNFIT.has(problem.rejected)) return;
    const { round } = plan.plan;
    caught.set(round, (caught.get(round) ?? new Map()).set(index, problem.rejected));
  }

  return {
    devices: members.map(({ device }) => device),
    async join() {
      for (const member of members) {
        if (!member.away) continue;
        member.away = false;
        member.participant.resume();
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
    caughtIn(round) {
      const reasons = [...(caught.get(round)?.values() ?? [])];
      return { caught: reasons.length, tooLong: reasons.filter((reason) => reason === 'out_of_range').length };
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

/** The learner of a participant that does not hand on what it learned. */
function poisoned(seat: Seat, index: number, poison: NonNullable<CrowdOptions['poison']>): Seat {
  return {
    ...seat,
    train: async (request, onProgress) => poison(index, await seat.train(request, onProgress), request.seed),
  };
}

async function leaveRound(participant: Participant, saysSo: boolean): Promise<void> {
  if (saysSo) await participant.pause();
  await participant.leave();
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
