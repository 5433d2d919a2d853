import type { BackendChoice } from '@sotto/learner/backend';
import type { Dataset } from '@sotto/learner/dataset';
import { holdOut } from '@sotto/learner/held-out';
import type { createBrowserParticipant } from '@sotto/participant/browser';
import type { Participant } from '@sotto/participant/participant';
import type { ParticipantState } from '@sotto/participant/state';
import type { Pins } from '@sotto/protocol/invite';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import { holdDevice } from './device-lock.ts';

/** One moment of learning, for the live plot. */
export interface LearningPoint {
  /** Epochs done, fractions included. */
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  /** Share right of the examples kept aside, where it was measured just then. */
  readonly checked: number | null;
}

/** What the page shows of taking part. */
export interface SessionState {
  readonly stage: 'apart' | 'preparing' | 'joined';
  readonly backend: BackendChoice | null;
  /** Of this session; after leaving, as it was in the end. */
  readonly participant: ParticipantState | null;
  /** Of the update being learned, or learned last. */
  readonly learning: readonly LearningPoint[];
  /** Why it could not start. */
  readonly problem: Rejection | null;
}

export interface JoinOptions {
  readonly task: string;
  readonly pins: Pins;
  readonly data: Dataset;
  /** Forces a training backend. */
  readonly backend: string | null;
  /** Which of this browser's devices to be; null: the one it is. */
  readonly device: string | null;
}

export interface Session {
  state(): SessionState;
  subscribe(listener: () => void): () => void;
  join(options: JoinOptions): Promise<void>;
  /** Takes the present round's update back; a refusal is the participant's problem. */
  withdraw(): Promise<void>;
  leave(): Promise<void>;
}

/** One join, and how to undo what it has set up, in the end first. */
interface Attempt {
  participant?: Pick<Participant, 'withdraw'>;
  readonly undo: (() => Promise<void> | void)[];
}

const APART: SessionState = { stage: 'apart', backend: null, participant: null, learning: [], problem: null };

/** A page's participant as a store for React. Training and sealing code loads with the first `join`. */
export function createSession(): Session {
  let state = APART;
  let present: Attempt | null = null;
  const listeners = new Set<() => void>();

  const update = (change: Partial<SessionState>): void => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };

  const follow = (participant: ParticipantState): void => {
    const before = state.participant;
    const anew = participant.phase === 'learning' && participant.plan?.hash !== before?.plan?.hash;
    const { progress } = participant;
    const point = progress && progress !== before?.progress ? [pointOf(progress)] : [];
    update({ participant, learning: [...(anew ? [] : state.learning), ...point] });
  };

  async function start({ task, pins, data, backend, device }: JoinOptions, attempt: Attempt): Promise<void> {
    const letGo = await holdDevice(task, device);
    if (!letGo) {
      if (attempt !== present) return;
      present = null;
      update({
        stage: 'apart',
        problem: reject(
          'open_elsewhere',
          'This device already takes part in another tab of this browser. Go on there, or close that tab and join here.',
        ),
      });
      return;
    }
    attempt.undo.push(letGo);
    const [{ startTrainer }, browser] = await Promise.all([
      import('@sotto/learner/worker/start.browser'),
      import('@sotto/participant/browser'),
    ]);
    const trainer = startTrainer();
    let dispose: () => Promise<void> | void = trainer.dispose;
    attempt.undo.push(() => dispose());
    const choice = await trainer.prepare(backend === null ? {} : { force: backend });
    if (attempt !== present) return;
    update({ backend: choice });
    const { train, held } = holdOut(data);
    const participant: Awaited<ReturnType<typeof createBrowserParticipant>> = await browser.createBrowserParticipant({
      url: location.origin,
      task,
      pins,
      data: train,
      validation: held,
      trainer,
      ...(device !== null && { device }),
    });
    dispose = participant.close;
    attempt.participant = participant;
    attempt.undo.push(participant.subscribe(() => follow(participant.state())));
    if (attempt !== present) return;
    await participant.join();
    if (attempt !== present) return;
    update({ stage: 'joined' });
    follow(participant.state());
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async join(options) {
      if (state.stage !== 'apart') return;
      const attempt: Attempt = { undo: [] };
      present = attempt;
      update({ ...APART, stage: 'preparing' });
      try {
        await start(options, attempt);
      } catch (error) {
        if (attempt === present) {
          present = null;
          const message = error instanceof Error ? error.message : String(error);
          update({ stage: 'apart', problem: reject('not_started', message) });
        }
      }
      if (attempt !== present) await takeApart(attempt);
    },
    async withdraw() {
      await present?.participant?.withdraw();
    },
    async leave() {
      const attempt = present;
      present = null;
      if (attempt) await takeApart(attempt);
      update({ stage: 'apart' });
    },
  };
}

async function takeApart({ undo }: Attempt): Promise<void> {
  for (let step = undo.pop(); step; step = undo.pop()) await step();
}

function pointOf(progress: NonNullable<ParticipantState['progress']>): LearningPoint {
  const { epoch, batch, batches, loss, accuracy, validation } = progress;
  const measured = batch === 0 || batch === batches;
  const checked = measured ? (validation?.accuracy ?? null) : null;
  return { epoch: epoch - 1 + batch / batches, loss, accuracy, checked };
}
