import type { Dataset } from '@sotto/learner/dataset';
import type { Trainer } from '@sotto/learner/worker/client';
import type { About } from '@sotto/protocol/about';
import { TURNED_AWAY } from '@sotto/protocol/admission';
import type { Certificate } from '@sotto/protocol/certificate';
import type { Pins } from '@sotto/protocol/invite';
import type { Challenge, Duty, HintOf, RoundOver } from '@sotto/protocol/messages';
import { type Plan, planHash } from '@sotto/protocol/plan';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import type { Status } from '@sotto/protocol/run';
import { isDisagreement } from './agreements.ts';
import type { Clock } from './clock.ts';
import { createCommitteeDuty } from './committee-duty.ts';
import { createCommitteeSeat } from './committee-seat.ts';
import { createConsent } from './consent.ts';
import { createContributing, TOLD_ANYWAY } from './contributing.ts';
import { type ContributingEvent, changeBy } from './contributing-events.ts';
import { readHistory } from './history.ts';
import { openIdentity } from './identity.ts';
import { createIntroduction } from './introduction.ts';
import { LATEST_ENTRIES, type LedgerPlace, readLatest, recordEverything } from './ledger.ts';
import { bePatient } from './patience.ts';
import { createReceipts } from './receipts.ts';
import { createRoundEnds } from './round-ends.ts';
import type { Sealer } from './sealing/client.ts';
import { INITIAL_STATE, type ParticipantState } from './state.ts';
import type { Terms } from './terms.ts';
import type { Hint, Transport } from './transport.ts';
import type { Vault } from './vault.ts';

export interface ParticipantOptions {
  readonly task: string;
  readonly pins: Pins;
  /** What to learn from; null for a device that only serves on the committee. */
  readonly data: Dataset | null;
  /** Examples kept aside to check the model on while it learns. How it does on them is shown in `progress` and sent to nobody. */
  readonly validation?: Dataset | null;
  /** What the person was shown and agrees to by joining; without it, what the first plan says is what is agreed to. */
  readonly terms?: Terms;
  /** `examplesHash` of the task that the data were read for: it takes part in no other. */
  readonly examples?: string;
  /** Where the coordinator is reached: another one at the same address was not agreed to. */
  readonly address?: string;
  /** Fewest contributors this device insists on, 3 at the least. */
  readonly floor?: number;
  /** Certificates this device brings along; the coordinator may hold others for it. */
  readonly certificates?: readonly Certificate[];
  /** What it says of itself to whoever runs the study; nothing, by default. */
  readonly about?: () => About;
  /** Simulations only: repeats data order, rounding, and the noise that a plan asks for, which then promises nothing. Keys are never seeded. */
  readonly seed?: number;
  readonly witness?: (planHash: string, levels: Int32Array) => void;
}

export interface ParticipantPorts {
  readonly transport: Transport;
  readonly vault: Vault;
  readonly trainer: Pick<Trainer, 'train' | 'cancel'>;
  readonly sealer: Pick<Sealer, 'seal' | 'check' | 'open'>;
  readonly clock: Clock;
}

export interface Participant {
  /** This device's Ed25519 key, hex: what whoever runs the study certifies. */
  readonly key: string;
  state(): ParticipantState;
  /** @returns a function that ends the subscription. */
  subscribe(listener: () => void): () => void;
  /** Connects, and takes part in every round of the task until `leave`. Resolves once the attempt is under way. */
  join(): Promise<void>;
  /**
   * Takes the update of the present round back: possible until the coordinator freezes the candidates, and final for the round. The
   * device goes on with the next one.
   * @returns why it could not be taken back; then it counts
   */
  withdraw(): Promise<Rejection | undefined>;
  /** Learns nothing more until `resume`. What is sealed already is still sent, and committee duty goes on. */
  pause(): Promise<void>;
  resume(): void;
  /** After a sleep, or when the network is back: the line may be dead without knowing it, and is made anew at once. */
  wake(): void;
  /** Agrees to the terms that were refused, and takes part under them from now on. */
  agree(): Promise<void>;
  /** Disconnects and stops learning. A sealed update on its way stays in the vault and goes on after the next `join`. */
  leave(): Promise<void>;
}

const BEYOND_UPDATES: readonly Status['phase'][] = ['checking', 'voting', 'opening', 'publishing'];

/** One device's session with one coordinator about one task: contributor and, when asked, committee member. */
export async function createParticipant(options: ParticipantOptions, ports: ParticipantPorts): Promise<Participant> {
  const { task, pins, data, floor = 3, seed = null, witness } = options;
  const { vault, clock } = ports;
  const identity = await openIdentity(vault);
  let state: ParticipantState = { ...INITIAL_STATE, device: identity.device };
  let certificates: readonly Certificate[] = options.certificates ?? [];
  const listeners = new Set<() => void>();
  const finished = new Set<string>();

  const update = (change: Partial<ParticipantState>): void => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };
  const complain = (problem: Rejection): void => update({ problem });
  let pausing = false;

  const coordinator = (): string => state.coordinator ?? '';
  const place = (): LedgerPlace => ({ coordinator: coordinator(), task });
  /** Rounds of the plans that this session has seen. */
  const rounds = new Map<string, number>();
  // Patience outside: what is asked again leaves again.
  const transport = bePatient(
    recordEverything(ports.transport, {
      vault,
      place,
      roundOf: (planHash) => rounds.get(planHash) ?? null,
      now: clock.now,
      onEntry: (entry, ledgerTotals) =>
        update({ ledger: [...state.ledger, entry].slice(-LATEST_ENTRIES), ledgerTotals }),
    }),
    ports.clock,
  );
  const terms = createConsent({
    vault,
    task,
    pins,
    address: options.address ?? '',
    offered: options.terms ?? null,
    now: clock.now,
    onChange: update,
  });
  const introduction = createIntroduction({
    transport,
    identity,
    pins,
    task,
    certificates: () => certificates,
    contributes: () => data !== null && !state.paused,
    about: () => options.about?.() ?? null,
    examples: options.examples,
  });
  const shared = {
    transport,
    vault,
    identity,
    pins,
    task,
    floor,
    now: clock.now,
    coordinator,
    consent,
  };
  const committee = createCommitteeDuty({ ...shared, clock, sealer: ports.sealer });
  const seat = createCommitteeSeat({
    clock,
    key: identity.publicKey,
    keyHeld: committee.keyHeld,
    onChange: update,
  });
  const roundEnds = createRoundEnds({
    vault,
    receipts: createReceipts({ transport, vault, device: identity.device, pins }),
    clock,
    isConnected: () => state.connection === 'connected',
    onReceipt: (receipt) => update({ receipts: [...state.receipts, receipt] }),
    onRound(taken) {
      const others = state.history.filter(({ run, round }) => run !== taken.run || round !== taken.round);
      update({ history: [...others, taken].sort((a, b) => a.endedAt - b.endedAt) });
    },
    complain,
  });
  const contributing = createContributing({
    ...shared,
    sealer: ports.sealer,
    trainer: ports.trainer,
    sleep: clock.sleep,
    data: () => data,
    validation: options.validation ?? null,
    certificate: () => certificates.find(({ role }) => role === 'device') ?? null,
    seed,
    onEvent,
    ...(witness && { witness }),
  });

  /** Holds a plan against what was agreed to, and learns from it what this device's duties are. */
  async function consent(plan: Plan, architecture: string | null): Promise<Rejection | undefined> {
    rounds.set(planHash(plan), plan.round);
    const refused = await terms.check(plan, architecture);
    if (!refused) await seat.planned(plan);
    return refused;
  }

  function onEvent(event: ContributingEvent): void {
    if (event.type === 'problem') refuse(event.problem);
    update(changeBy(event));
    if (event.type === 'phase') introduceAnew();
  }

  async function introduce(challenge: Challenge): Promise<void> {
    const refused = introduction.hear(challenge) ?? (await terms.meet(challenge.coordinator));
    if (refused) return breakOff(refused);
    if (state.coordinator !== challenge.coordinator) {
      update({ coordinator: challenge.coordinator });
      await remember();
    }
    await committee.forgetExpired();
    const answer = await introduction.answer(challenge);
    if (!answer) return;
    if (isRejection(answer)) {
      if (TURNED_AWAY.includes(answer.rejected)) return breakOff(answer);
      if (answer.rejected !== 'disconnected') complain(answer);
      return;
    }
    const { status } = answer;
    stand(answer);
    update({ connection: 'connected', status, problem: null });
    roundEnds.checkAgain();
    if (BEYOND_UPDATES.includes(status.phase)) contributing.unneeded();
    if (status.run !== null && status.phase !== 'waiting')
      await seat.recall({ ...place(), run: status.run }, status.round);
    if (status.run !== null && status.phase === 'collecting') {
      await contributing.recall(status.run);
      update({ phase: contributing.phase() });
    }
    introduceAnew();
  }

  /** Whether a device contributes it says when it introduces itself, which takes a new connection; nothing under way is cut for it. */
  function introduceAnew(): void {
    if (!introduction.isOutdated() || pausing || state.connection !== 'connected') return;
    if (state.phase === 'idle' || state.phase === 'sent') reconnect();
  }

  /** What the vault knows of earlier sessions. */
  async function remember(): Promise<void> {
    const [{ totals, latest }, history] = await Promise.all([readLatest(vault, place()), readHistory(vault, place())]);
    update({ ledger: latest, ledgerTotals: totals, history });
  }

  function stand({ standing, certificates: issued }: HintOf<'standing'>): void {
    if (issued.length > 0) certificates = issued;
    update({ standing });
  }

  /** Not to come back by itself: waiting would change nothing. */
  function breakOff(why: Rejection): void {
    contributing.stop();
    transport.close();
    seat.leave();
    update({ connection: 'off', retrying: false, standing: null, phase: contributing.phase() });
    complain(why);
  }

  async function perform(duty: Duty): Promise<void> {
    const contribute = (hash: string) => (state.paused ? contributing.declined(hash) : contributing.asked(hash));
    const refused = await (duty.kind === 'contribute' ? contribute(duty.planHash) : committee.perform(duty));
    if (duty.kind === 'one-time-key' && !refused) seat.gaveKey(duty.round, duty.expiry);
    // Enough other members were faster, as often where a committee serves several groups: no failure of anybody's.
    const unneeded = duty.kind !== 'contribute' && refused?.rejected === 'too_late';
    if (duty.kind === 'open' && (!refused || unneeded)) await seat.opened(place());
    if (refused && !unneeded && !TOLD_ANYWAY.includes(refused.rejected)) refuse(refused);
  }

  /** Without agreement there is nothing to do here, and whoever is gone is not waited for. */
  function refuse(why: Rejection): void {
    if (isDisagreement(why)) breakOff(why);
    else complain(why);
  }

  async function finish({ run, planHash: hash, outcome }: RoundOver): Promise<void> {
    // The last round's end is told again at every connect.
    const round = `${run}/${outcome.round}`;
    if (finished.has(round)) return;
    finished.add(round);
    seat.over(run, outcome.round, outcome.kind === 'published');
    const busy = state.phase === 'learning' || state.phase === 'sealing';
    const missed = busy && hash !== null && hash === state.plan?.hash;
    update({
      phase: 'idle',
      retrying: false,
      outcomes: [...state.outcomes, outcome],
      ...(missed && { satOut: 'missed' }),
    });
    const theRun = { coordinator: shared.coordinator(), task, run };
    await committee.release(theRun, outcome.round);
    if (hash !== null) await contributing.over(hash);
    await roundEnds.over(theRun, outcome);
  }

  /** A round that no longer takes updates goes on without what this device has not sealed. */
  function follow(status: Status): void {
    update({ status });
    if (BEYOND_UPDATES.includes(status.phase)) contributing.unneeded();
  }

  function onHint(hint: Hint): void {
    const work = (): Promise<void> | void => {
      switch (hint.name) {
        case 'challenge':
          return introduce(hint.payload);
        case 'duty':
          return perform(hint.payload);
        case 'status':
          return follow(hint.payload);
        case 'standing':
          return stand(hint.payload);
        case 'dismissed':
          return breakOff(reject(hint.payload.rejected, hint.payload.message));
        case 'round-over':
          return finish(hint.payload);
        // When to come back is a matter of the line's own.
        case 'come-back':
          return undefined;
      }
    };
    // A fault of ours in one duty must not end the session; it is shown, and the duty comes again at the next connect.
    Promise.resolve()
      .then(work)
      .catch((error: unknown) =>
        complain(reject('internal', `Something went wrong here: ${error instanceof Error ? error.message : error}`)),
      );
  }

  function connect(): void {
    introduction.hangUp();
    update({ connection: 'connecting', problem: null });
    transport.open({
      onHint,
      onDisconnect() {
        introduction.hangUp();
        update({ connection: 'connecting' });
      },
    });
  }

  /** What this device owes is told again at every connect. */
  function reconnect(): void {
    transport.close();
    connect();
  }

  return {
    key: identity.publicKey,
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async join() {
      await committee.forgetExpired();
      update({ disagreement: null });
      connect();
    },
    async withdraw() {
      const refused = await contributing.withdraw();
      if (refused) complain(refused);
      else update({ phase: 'idle', satOut: 'withdrawn', problem: null });
      return refused;
    },
    async pause() {
      update({ paused: true, retrying: false });
      // What is given up is said on the present connection.
      pausing = true;
      await contributing.giveUp().finally(() => {
        pausing = false;
      });
      introduceAnew();
    },
    resume() {
      update({ paused: false });
      introduceAnew();
    },
    wake() {
      if (state.connection !== 'off') reconnect();
    },
    async agree() {
      const { disagreement } = state;
      if (!disagreement) return;
      await terms.agree(disagreement);
      update({ disagreement: null, problem: null, agreement: disagreement.offered });
      reconnect();
    },
    async leave() {
      contributing.stop();
      transport.close();
      seat.leave();
      update({ connection: 'off', retrying: false, disagreement: null, phase: contributing.phase() });
    },
  };
}
