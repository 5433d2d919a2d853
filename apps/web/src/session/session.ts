import type { BackendName, PreparedBackend } from '@sotto/learner/backend';
import type { Dataset } from '@sotto/learner/dataset';
import { holdOut } from '@sotto/learner/held-out';
import type { PrepareOptions } from '@sotto/learner/service';
import type { Trainer } from '@sotto/learner/worker/client';
import type { createBrowserParticipant } from '@sotto/participant/browser';
import type { Participant } from '@sotto/participant/participant';
import type { ParticipantState } from '@sotto/participant/state';
import type { Terms } from '@sotto/participant/terms';
import type { Pins } from '@sotto/protocol/invite';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import { createModelFiles } from '../participant/model/model-files.ts';
import { explainByVersion, OutdatedPageError } from '../pwa/new-version.ts';
import { keepBackends, keepWish, recallBackends, wishedBackend } from './backend-memory.ts';
import { type Amount, backendsAhead, loadCode } from './code-loading.ts';
import { deviceFree, holdDevice } from './device-lock.ts';
import { addCheck, addPoint, type LearningPoint, type OwnCheck, putCheck, uncheckedModel } from './learning-points.ts';
import { nextPace, type SendingPace } from './sending-pace.ts';
import { watchSlumber } from './slumber.ts';

/** What the page shows of taking part. */
export interface SessionState {
  readonly stage: 'apart' | 'preparing' | 'joined';
  /** What learns and what seals is being loaded. */
  readonly loading: { readonly learning: Amount; readonly sealing: Amount } | null;
  readonly backend: PreparedBackend | null;
  /** Why what the person wants to compute with cannot be used; something else is, then. */
  readonly backendRefused: { readonly wish: BackendName } | null;
  /** The backends are being tested. */
  readonly testing: boolean;
  /** Of this session; after leaving, as it was in the end. */
  readonly participant: ParticipantState | null;
  /** Of the update being learned, or learned last. */
  readonly learning: readonly LearningPoint[];
  /** How the shared model did on the examples kept aside, round by round. */
  readonly checks: readonly OwnCheck[];
  /** How long the latest sealing took here. */
  readonly sealedMs: number | null;
  readonly sending: SendingPace | null;
  /** The page was asleep for so long, and has connected anew; null once it learns again. */
  readonly sleptMs: number | null;
  /** Why it could not start. */
  readonly problem: Rejection | null;
}

export interface JoinOptions {
  readonly task: string;
  readonly pins: Pins;
  /** What the person was shown, and agrees to by joining. */
  readonly terms: Terms;
  readonly data: Dataset;
  /** `examplesHash` of the task that these were read for. */
  readonly examples: string;
  /** The training backend to use where it can be used, whatever the person chose on the page. */
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
  /** Agrees to the terms that the participant refused. */
  agree(): Promise<void>;
  /** Learns nothing more until `resume`, and stays. */
  pause(): Promise<void>;
  resume(): void;
  /** What to compute with from the next job on; null: whatever is fastest. */
  chooseBackend(wish: BackendName | null): Promise<void>;
  /** Tests the backends anew, after the job under way. */
  testBackends(): Promise<void>;
  leave(): Promise<void>;
}

/** One join, and how to undo what it has set up, in the end first. */
interface Attempt {
  participant?: Pick<Participant, 'agree' | 'withdraw' | 'pause' | 'resume' | 'wake'>;
  trainer?: Trainer;
  /** The model that is being checked after the run, or was. */
  checked?: string;
  readonly undo: (() => Promise<void> | void)[];
}

const APART: SessionState = {
  stage: 'apart',
  loading: null,
  backend: null,
  backendRefused: null,
  testing: false,
  participant: null,
  learning: [],
  checks: [],
  sealedMs: null,
  sending: null,
  sleptMs: null,
  problem: null,
};

const NOTHING: Amount = { done: 0, total: 0 };

/** How a Worker says that it is gone, which it also is when it could not be loaded. */
const LOST = ['worker_gone', 'sealer_gone', 'sealing_failed'];

/** Who looks at a number that changes more often? */
const PROGRESS_MS = 100;
/** A shorter sleep is not worth a word. */
const NOTABLE_SLEEP_MS = 20_000;

/** A page's participant as a store for React. Training and sealing code loads with the first `join`. */
export function createSession(): Session {
  let state = APART;
  let present: Attempt | null = null;
  const listeners = new Set<() => void>();

  let telling: ReturnType<typeof setTimeout> | undefined;

  const tell = (): void => {
    clearTimeout(telling);
    telling = undefined;
    for (const listener of listeners) listener();
  };
  const update = (change: Partial<SessionState>): void => {
    state = { ...state, ...change };
    tell();
  };

  const follow = (participant: ParticipantState): void => {
    const before = state.participant;
    const { progress, plan, upload, sealed } = participant;
    if (participant.phase === 'learning' && (before?.phase !== 'learning' || plan?.hash !== before.plan?.hash))
      state = { ...state, learning: [], sleptMs: null };
    if (sealed) state = { ...state, sealedMs: sealed.ms };
    if (upload !== before?.upload)
      state = { ...state, sending: upload && nextPace(state.sending, upload, performance.now()) };
    if (participant.problem !== before?.problem) void explainLoss(participant.problem);
    if (!progress || !plan || progress === before?.progress) {
      update({ participant });
      return;
    }
    const { learning, checks } = state;
    state = {
      ...state,
      participant,
      learning: addPoint(learning, progress),
      checks: addCheck(checks, plan.plan.round, progress),
    };
    telling ??= setTimeout(tell, PROGRESS_MS);
  };

  /** The last model on the examples kept aside, once the run is over. */
  async function checkLast(attempt: Attempt, trainer: Trainer, held: Dataset): Promise<void> {
    const { checks, participant } = state;
    const last = participant && uncheckedModel(checks, participant);
    if (!last || attempt.checked === last.model) return;
    attempt.checked = last.model;
    try {
      const model = await createModelFiles().open(last.model);
      const { accuracy } = await trainer.evaluate({ model, dataset: held });
      // The next run may have begun meanwhile.
      if (attempt === present && state.checks === checks)
        update({ checks: putCheck(checks, { round: last.round, accuracy }) });
    } catch {
      // Out of reach, or the Worker is gone: the next news of the run is another occasion.
      delete attempt.checked;
    }
  }

  /** A Worker that is gone starts again, but not where the server has only the files of another version. */
  async function explainLoss(problem: Rejection | null): Promise<void> {
    if (state.problem?.rejected === 'outdated_page') update({ problem: null });
    if (!problem || !LOST.includes(problem.rejected)) return;
    try {
      await explainByVersion(() => loadCode(['learning', 'sealing']));
    } catch (error) {
      if (error instanceof OutdatedPageError && state.participant?.problem === problem)
        update({ problem: reject(error.code, error.message) });
    }
  }

  /** Both at once. What runs in the page itself is little, and comes beside them. */
  async function load(backend: string | null, { undo }: Attempt) {
    const stopping = new AbortController();
    undo.push(() => stopping.abort());
    const { signal } = stopping;
    const count = (part: 'learning' | 'sealing') => (amount: Amount) => {
      if (signal.aborted) return;
      state = { ...state, loading: { learning: NOTHING, sealing: NOTHING, ...state.loading, [part]: amount } };
      telling ??= setTimeout(tell, PROGRESS_MS);
    };
    const backends = backendsAhead(wishedBackend(backend), recallBackends()?.backend ?? null);
    const [learner, participant] = await Promise.all([
      import('@sotto/learner/worker/start.browser'),
      import('@sotto/participant/browser'),
      loadCode(['learning', ...backends], { onProgress: count('learning'), signal }),
      loadCode(['sealing'], { onProgress: count('sealing'), signal }),
    ]);
    if (!signal.aborted) update({ loading: null });
    return { ...learner, ...participant };
  }

  async function prepare(trainer: Trainer, options: PrepareOptions): Promise<void> {
    update({ testing: true });
    try {
      const backend = await trainer.prepare(options);
      if (options.force === undefined) keepBackends(backend);
      if (trainer === present?.trainer) update({ backend });
    } finally {
      if (trainer === present?.trainer) update({ testing: false });
    }
  }

  /** The fastest backend, or the one wished for; where that one cannot be used, the fastest all the same. */
  async function prepareWished(trainer: Trainer, anew: boolean, asked: string | null = null): Promise<void> {
    const wish = wishedBackend(asked);
    const remembered = anew ? null : recallBackends();
    const automatic = remembered === null ? {} : { remembered };
    if (wish === null) {
      update({ backendRefused: null });
      return prepare(trainer, automatic);
    }
    try {
      await prepare(trainer, { force: wish });
      update({ backendRefused: null });
    } catch (error) {
      if (trainer !== present?.trainer) throw error;
      update({ backendRefused: { wish } });
      await prepare(trainer, automatic);
    }
  }

  /** Between rounds, or after the one under way: the trainer does one thing after the other. */
  async function prepareAgain(anew: boolean): Promise<void> {
    const attempt = present;
    if (!attempt?.trainer) return;
    try {
      await prepareWished(attempt.trainer, anew);
    } catch (error) {
      if (attempt === present)
        update({ problem: reject('no_backend', error instanceof Error ? error.message : String(error)) });
    }
  }

  async function start(
    { task, pins, terms, data, examples, backend, device }: JoinOptions,
    attempt: Attempt,
  ): Promise<void> {
    const letGo = await holdDevice(task, device);
    if (!letGo) {
      if (attempt !== present) return;
      present = null;
      const problem = reject(
        'open_elsewhere',
        'This device already takes part in another tab of this browser. Go on there, or close that tab and join here.',
      );
      update({ stage: 'apart', problem });
      void deviceFree(task, device).then(() => {
        if (state.problem === problem) update({ problem: null });
      });
      return;
    }
    attempt.undo.push(letGo);
    const code = await load(backend, attempt);
    if (attempt !== present) return;
    const trainer = code.startTrainer();
    let dispose: () => Promise<void> | void = trainer.dispose;
    attempt.undo.push(() => dispose());
    attempt.trainer = trainer;
    await prepareWished(trainer, false, backend);
    if (attempt !== present) return;
    const { train, held } = holdOut(data);
    const participant: Awaited<ReturnType<typeof createBrowserParticipant>> = await code.createBrowserParticipant({
      url: location.origin,
      task,
      pins,
      terms,
      data: train,
      examples,
      validation: held,
      trainer,
      ...(device !== null && { device }),
    });
    dispose = participant.close;
    attempt.participant = participant;
    attempt.undo.push(
      participant.subscribe(() => {
        follow(participant.state());
        if (held) void checkLast(attempt, trainer, held);
      }),
    );
    attempt.undo.push(
      watchSlumber((sleptMs) => {
        if (sleptMs >= NOTABLE_SLEEP_MS) update({ sleptMs });
        participant.wake();
      }),
    );
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
        await explainByVersion(() => start(options, attempt));
      } catch (error) {
        if (attempt === present) {
          present = null;
          const message = error instanceof Error ? error.message : String(error);
          const code = error instanceof OutdatedPageError ? error.code : 'not_started';
          update({ stage: 'apart', loading: null, problem: reject(code, message) });
        }
      }
      if (attempt !== present) await takeApart(attempt);
    },
    async withdraw() {
      await present?.participant?.withdraw();
    },
    agree: async () => present?.participant?.agree(),
    pause: async () => present?.participant?.pause(),
    resume: () => present?.participant?.resume(),
    async chooseBackend(wish) {
      keepWish(wish);
      update({ backendRefused: null });
      await prepareAgain(false);
    },
    testBackends: () => prepareAgain(true),
    async leave() {
      const attempt = present;
      present = null;
      if (attempt) await takeApart(attempt);
      update({ stage: 'apart', loading: null, testing: false, sleptMs: null });
    },
  };
}

async function takeApart({ undo }: Attempt): Promise<void> {
  for (let step = undo.pop(); step; step = undo.pop()) await step();
}
