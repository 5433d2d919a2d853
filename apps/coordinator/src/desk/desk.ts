import { randomBytes } from 'node:crypto';
import { toHex } from '@sotto/protocol/bytes';
import type { Certificate } from '@sotto/protocol/certificate';
import { deviceIdOf } from '@sotto/protocol/ids';
import { helloString, type RequestOf } from '@sotto/protocol/messages';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { verifySignature } from '@sotto/protocol/signature';
import { comeBackAfterMs } from '../pace.ts';
import { createKeyedTurns } from '../turns.ts';
import { isUnavailable, UNAVAILABLE } from '../unavailable.ts';
import { createAttendance } from './attendance.ts';
import { createMemberDesk } from './member-desk.ts';
import { type Message, parseMessage } from './message.ts';
import type { Answered, DeskPorts } from './ports.ts';
import type { Live, Presence, Send } from './sessions.ts';
import { type Applicant, createStandings } from './standing.ts';
import { createUploadDesk } from './upload-desk.ts';

/** One connection of one device. Nothing a peer sends makes it throw. */
export interface Session {
  receive(name: unknown, payload: unknown, bytes?: Uint8Array): Promise<Answered | Rejection>;
  /** Whose it is; null until the device has proved it. */
  device(): string | null;
  close(): void;
}

export interface Desk {
  open(send: Send): Session;
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
  const { coordinator, runs, sessions, store, clock, log } = ports;
  const budget = ports.budgetBytes ?? BUDGET_BYTES;
  const uploads = createUploadDesk(ports);
  const members = createMemberDesk(ports);
  const standings = createStandings(ports);
  const attendance = createAttendance(ports);
  runs.onRound(({ task }) => {
    attendance.note(task).catch((error: unknown) => log.error({ task, err: error }, 'attendance could not be noted'));
  });
  // One device's messages are taken one at a time, over all its connections: a part never races another.
  const inTurn = createKeyedTurns();
  /** How often something was decided about who is let in. */
  let decisions = 0;
  let underWay = 0;
  let closing = false;

  function open(send: Send): Session {
    const nonce = toHex(randomBytes(32));
    let live: Live | null = null;
    let who: Presence | null = null;
    let state: 'open' | 'superseded' | 'closed' = 'open';
    /** Why it was told to go. */
    let dismissal: Rejection | undefined;
    // A nonce is good once: whoever is refused, for a guessed invite code for instance, needs a connection for each attempt.
    let spent = false;
    send('challenge', { coordinator, nonce });

    async function receive(name: unknown, payload: unknown, bytes?: Uint8Array): Promise<Answered | Rejection> {
      const size = bytes?.length ?? 0;
      if (underWay + size > budget)
        return {
          ...reject('too_busy', 'Many devices are sending at once. Try again soon.'),
          retryAfterMs: BUSY_RETRY_MS,
        };
      underWay += size;
      try {
        const message = parseMessage(name, payload, bytes);
        if (isRejection(message)) return message;
        if (message.name !== 'hello' && who)
          runs.counted(who.task, who.device, JSON.stringify(message.payload).length + size);
        return await inTurn(who?.device ?? nonce, () => answer(message));
      } catch (error) {
        if (isUnavailable(error)) return UNAVAILABLE;
        log.error({ event: name, device: who?.device, err: error }, 'a message could not be handled');
        return reject('internal', 'The coordinator failed to handle this message. Its log says why; try again later.');
      } finally {
        underWay -= size;
      }
    }

    async function answer(message: Message): Promise<Answered | Rejection> {
      const ended = whyEnded();
      if (ended) return ended;
      if (message.name === 'hello') {
        if (spent)
          return reject('bad_message', 'This connection has already introduced itself. Connect again to do so again.');
        const answered = await hello(message.payload);
        spent = true;
        return answered;
      }
      if (!who) return reject('not_introduced', 'Say hello first: who are you?');
      if (who.standing !== 'admitted') return reject('not_admitted', 'This device is not let in to the task yet.');
      return handle(who, message);
    }

    async function hello(request: RequestOf<'hello'>): Promise<Answered<'hello'> | Rejection> {
      const { task, key, contributes, invite } = request;
      if (!ports.tasks.has(task)) return reject('unknown_task', `There is no task ${task} here. Check the link.`);
      if (!(await verifySignature(key, helloString({ coordinator, nonce }), request.signature)))
        return reject('bad_signature', "The hello is not signed by this device's key over this connection's nonce.");
      const device = deviceIdOf(key);
      const applicant: Applicant = { task, device, key, invite };
      const refused = await standings.keep(applicant, request.certificates);
      if (refused) return refused;
      const attended = await store.attendance(task, device);
      let found: Awaited<ReturnType<typeof standings.find>>;
      let asOf: number;
      // What is decided about the device meanwhile must hold for it, and it is not among the connected yet.
      do {
        asOf = decisions;
        found = await standings.find(applicant);
        if (isRejection(found)) return found;
        if (found.standing === 'admitted')
          await store.sawDevice({ device, task, key, contributes, lastSeen: clock.now() });
      } while (asOf !== decisions);
      const { standing, certificates } = found;
      const ended = whyEnded();
      if (ended) return ended;
      // It is not hung up on: it would come straight back, and the two would displace each other for ever.
      const supersede = () => {
        state = 'superseded';
      };
      const review = () => inTurn(device, () => stand(applicant));
      const since = clock.now();
      live = { device, key, task, contributes, standing, certificates, since, attended, send, supersede, review };
      who = sessions.enter(live);
      log.debug({ task, device, standing }, 'a device is here');
      if (standing === 'admitted') welcome();
      return {
        reply: { device, now: clock.now(), status: runs.status(task)!, standing, certificates: [...certificates] },
      };
    }

    /** After the reply, so that a device is welcomed before it is given work; it may have gone again by then. */
    function welcome(): void {
      const { task, device } = who!;
      setImmediate(() => {
        if (!who || sessions.find(task, device) !== who) return;
        const over = runs.farewell(task, device);
        if (over) send('round-over', over);
        runs
          .arrived(task, device)
          .then(() => {
            for (const duty of runs.duties(task, device)) send('duty', duty);
          })
          .catch((error: unknown) => log.error({ device, err: error }, 'a device could not be welcomed'));
      });
    }

    /** Looks again how the device stands, and acts on what has changed. */
    async function stand(applicant: Applicant): Promise<void> {
      if (!live || !who || whyEnded()) return;
      const found = await standings.find(applicant);
      if (whyEnded()) return;
      if (isRejection(found)) return dismiss(found);
      const { standing, certificates } = found;
      const before = who;
      if (standing === before.standing && sameCertificates(certificates, before.certificates)) return;
      const admitted = standing === 'admitted' && before.standing !== 'admitted';
      const since = admitted ? clock.now() : before.since;
      who = sessions.revise(live, { standing, certificates, since }) ?? before;
      send('standing', { standing, certificates: [...certificates] });
      const { task, device, key, contributes } = who;
      if (admitted) {
        await store.sawDevice({ device, task, key, contributes, lastSeen: since });
        welcome();
      } else if (standing !== 'admitted' && before.standing === 'admitted') await depart(before);
      // A certificate may be what a round waits for.
      else await runs.reconsider(task);
    }

    function dismiss(why: Rejection): Promise<void> | undefined {
      dismissal = why;
      send('dismissed', why);
      return live && who && sessions.leave(live) ? depart(who) : undefined;
    }

    async function depart(left: Presence): Promise<void> {
      if (left.standing !== 'admitted') return;
      const { device, task, key, contributes } = left;
      log.debug({ task, device }, 'a device is gone');
      await Promise.all([
        store.sawDevice({ device, task, key, contributes, lastSeen: clock.now() }),
        attendance.left(left),
        runs.departed(task, device),
      ]);
    }

    function whyEnded(): Rejection | undefined {
      if (state === 'superseded')
        return reject('superseded', 'This device is connected a second time, perhaps in another tab. Use that one.');
      if (dismissal) return dismissal;
      return state === 'closed' ? reject('not_introduced', 'This connection is closed.') : undefined;
    }

    function close(): void {
      if (state === 'open') state = 'closed';
      if (!live || !who || closing || !sessions.leave(live)) return;
      const { device } = who;
      depart(who).catch((error: unknown) => {
        // The round notes it when it can, and the rest is worth little.
        if (!isUnavailable(error)) log.error({ device, err: error }, 'a departure could not be noted');
      });
    }

    return { receive, device: () => who?.device ?? null, close };
  }

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
      const state = round.state();
      if (state.phase === 'collecting' && device in state.updates)
        await inTurn(device, () => uploads.withdraw({ device }, { planHash: state.planHash }));
    }
  }

  return {
    open,
    async review(task, device) {
      decisions += 1;
      for (const live of sessions.connected(task)) if (device === null || live.device === device) await live.review();
      if (device !== null) await expel(task, device);
    },
    async farewell() {
      const devices = sessions.count();
      sessions.tellEach('come-back', () => ({ afterMs: comeBackAfterMs(devices, Math.random()) }));
      for (const task of sessions.tasks()) await attendance.note(task);
    },
    close() {
      closing = true;
    },
  };
}

function sameCertificates(some: readonly Certificate[], others: readonly Certificate[]): boolean {
  const signatures = (list: readonly Certificate[]) =>
    list
      .map(({ signature }) => signature)
      .toSorted()
      .join();
  return signatures(some) === signatures(others);
}
