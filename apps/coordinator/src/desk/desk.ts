import { DONE } from '@sotto/protocol/messages';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import { comeBackAfterMs } from '../pace.ts';
import { patiently } from '../patience.ts';
import { createKeyedTurns } from '../turns.ts';
import { createAttendance } from './attendance.ts';
import { createMemberDesk } from './member-desk.ts';
import type { Message } from './message.ts';
import type { Answered, DeskPorts } from './ports.ts';
import { createSession, type Session, type SessionPorts } from './session.ts';
import type { Presence, Send } from './sessions.ts';
import { createStandings } from './standing.ts';
import { createUploadDesk } from './upload-desk.ts';

export interface Desk {
  /** @param network  a name for where the connection comes from, which nothing but another name for the same place tells anything */
  open(send: Send, network?: string | null): Session;
  /** Who is let in to a task (to any: null) may have changed, for one device or for all (null). Holds once this has resolved. */
  review(task: string | null, device: string | null): Promise<void>;
  /** Before going down: tells every device when to come back, and writes down how long each has been here. */
  farewell(): Promise<void>;
  /** From now on departures are our own going down, not the devices' leaving. */
  close(): void;
}

const BUDGET_BYTES = 64 * 2 ** 20;
const BUSY_RETRY_MS = 250;

/** The border: every message of every device, whatever it came by, is checked here and nowhere later. */
export function createDesk(ports: DeskPorts): Desk {
  const { runs, sessions, store, clock, log } = ports;
  const budget = ports.budgetBytes ?? BUDGET_BYTES;
  const uploads = createUploadDesk(ports);
  const members = createMemberDesk(ports);
  const attendance = createAttendance(ports);
  /** It is worth little: nothing waits for a machine that cannot. */
  const note = (task: string) =>
    attendance.note(task).catch((error: unknown) => log.error({ task, err: error }, 'attendance could not be noted'));
  runs.onRound(({ task }) => void note(task));
  const inTurn = createKeyedTurns();
  let decisions = 0;
  let held = 0;
  let closing = false;

  const session: SessionPorts = {
    ...ports,
    standings: createStandings(ports),
    attendance,
    inTurn,
    handle,
    decisions: () => decisions,
    isClosing: () => closing,
    async holding(bytes, work) {
      if (held + bytes > budget)
        return {
          ...reject('too_busy', 'Many devices are sending at once. Try again soon.'),
          retryAfterMs: BUSY_RETRY_MS,
        };
      held += bytes;
      try {
        return await work();
      } finally {
        held -= bytes;
      }
    },
  };

  function handle(who: Presence, message: Exclude<Message, { name: 'hello' }>): Promise<Answered | Rejection> {
    switch (message.name) {
      case 'one-time-key':
        return members.oneTimeKey(who, message.payload);
      case 'upload':
        return uploads.upload(who, message.payload);
      case 'part':
        return uploads.part(who, message.payload, message.bytes);
      case 'commit':
        return uploads.commit(who, message.payload);
      case 'withdraw':
        return uploads.withdraw(who, message.payload);
      case 'remember':
        runs.remembered(who.task, message.payload);
        return Promise.resolve({ reply: DONE });
      case 'candidates':
        return members.candidates(who, message.payload);
      case 'answer':
        return members.answer(who, message.payload, message.bytes);
      case 'vote':
        return members.vote(who, message.payload);
      case 'opening':
        return members.opening(who, message.payload, message.bytes);
    }
  }

  /** Of one that is shut out, nothing is counted that the round's members have not been shown yet; afterwards the protocol removes nobody. */
  async function expel(task: string | null, device: string): Promise<void> {
    for (const [of, round] of runs.live()) {
      if ((task !== null && of !== task) || (await store.verdictOn(of, device)) !== 'revoked') continue;
      await inTurn(device, async () => {
        const state = round.state();
        if (state.phase === 'collecting' && device in state.updates)
          await uploads.withdraw({ device }, { planHash: state.planHash });
      });
    }
  }

  return {
    open: (send, network = null) => createSession(session, send, network),
    async review(task, device) {
      decisions += 1;
      const concerned = sessions.connected(task).filter((live) => device === null || live.device === device);
      const steps = concerned.map(({ review }) => review);
      if (device !== null) steps.push(() => expel(task, device));
      // One that fails does not keep what was decided from the others.
      const failures: unknown[] = [];
      for (const step of steps)
        await patiently(clock, step, () => !closing).catch((error: unknown) => failures.push(error));
      if (failures.length > 0)
        throw new AggregateError(failures, 'what was decided could not be carried out everywhere');
    },
    async farewell() {
      const devices = sessions.count();
      sessions.tellEach('come-back', () => ({ afterMs: comeBackAfterMs(devices, Math.random()) }));
      for (const task of sessions.tasks()) await note(task);
    },
    close() {
      closing = true;
    },
  };
}
