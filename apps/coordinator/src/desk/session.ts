import { randomBytes } from 'node:crypto';
import { toHex } from '@sotto/protocol/bytes';
import type { Certificate } from '@sotto/protocol/certificate';
import { deviceIdOf } from '@sotto/protocol/ids';
import { helloString, REQUESTS, type RequestOf } from '@sotto/protocol/messages';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { verifySignature } from '@sotto/protocol/signature';
import type { createKeyedTurns } from '../turns.ts';
import { isUnavailable, UNAVAILABLE } from '../unavailable.ts';
import type { createAttendance } from './attendance.ts';
import { type Message, parseMessage } from './message.ts';
import type { Answered, DeskPorts } from './ports.ts';
import type { Live, Presence, Send } from './sessions.ts';
import type { Applicant, createStandings } from './standing.ts';
import { weightOf } from './weight.ts';

/** One connection of one device. Nothing a peer sends makes it throw. */
export interface Session {
  receive(name: unknown, payload: unknown, bytes?: Uint8Array): Promise<Answered | Rejection>;
  /** Whose it is; null until the device has proved it. */
  device(): string | null;
  close(): void;
}

export interface SessionPorts extends Pick<DeskPorts, 'coordinator' | 'runs' | 'sessions' | 'store' | 'clock' | 'log'> {
  readonly standings: ReturnType<typeof createStandings>;
  readonly attendance: ReturnType<typeof createAttendance>;
  /** One device's messages are taken one at a time, over all its connections: a part never races another. */
  readonly inTurn: ReturnType<typeof createKeyedTurns>;
  /** Holds so many bytes of memory while it works, or has no room for them. */
  readonly holding: <T>(bytes: number, work: () => Promise<T>) => Promise<T | Rejection>;
  /** What a device that is let in asks for. */
  readonly handle: (who: Presence, message: Exclude<Message, { name: 'hello' }>) => Promise<Answered | Rejection>;
  /** How often something was decided about who is let in. */
  readonly decisions: () => number;
  /** Whether departures are our own going down, not the devices' leaving. */
  readonly isClosing: () => boolean;
}

export function createSession(ports: SessionPorts, send: Send, network: string | null): Session {
  const { coordinator, runs, sessions, store, clock, log, standings, attendance, inTurn } = ports;
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
    try {
      const answered = await ports.holding(size, async () => {
        const message = parseMessage(name, payload, bytes);
        if (isRejection(message)) return message;
        if (message.name !== 'hello' && who)
          runs.counted(who.task, who.device, weightOf(payload as object) + size, message.name);
        return inTurn(who?.device ?? nonce, () => answer(message));
      });
      if (isRejection(answered) && who) {
        const { rejected, message } = answered;
        const kind = typeof name === 'string' && Object.hasOwn(REQUESTS, name) ? name : 'unknown';
        runs.refused(who.task, { device: who.device, kind, rejected, message });
      }
      return answered;
    } catch (error) {
      if (isUnavailable(error)) return UNAVAILABLE;
      log.error({ event: name, device: who?.device, err: error }, 'a message could not be handled');
      return reject('internal', 'The coordinator failed to handle this message. Its log says why; try again later.');
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
    return ports.handle(who, message);
  }

  async function hello(request: RequestOf<'hello'>): Promise<Answered<'hello'> | Rejection> {
    const { task, key, contributes, invite, about = null, examples } = request;
    if (!(await verifySignature(key, helloString({ coordinator, nonce }), request.signature)))
      return reject('bad_signature', "The hello is not signed by this device's key over this connection's nonce.");
    const device = deviceIdOf(key);
    const applicant: Applicant = { task, device, key, invite, examples };
    const refused = await standings.keep(applicant, request.certificates);
    if (refused) return refused;
    const attended = await store.attendance(task, device);
    let found: Awaited<ReturnType<typeof standings.find>>;
    let asOf: number;
    // What is decided about the device meanwhile must hold for it, and it is not among the connected yet.
    do {
      asOf = ports.decisions();
      found = await standings.find(applicant);
      if (isRejection(found)) return found;
      if (found.standing === 'admitted')
        await store.sawDevice({ device, task, key, contributes, lastSeen: clock.now(), about });
    } while (asOf !== ports.decisions());
    const { standing, certificates } = found;
    const ended = whyEnded();
    if (ended) return ended;
    // It is not hung up on: it would come straight back, and the two would displace each other for ever.
    const supersede = () => {
      state = 'superseded';
    };
    const review = () => inTurn(device, () => stand(applicant));
    const since = clock.now();
    live = {
      ...{ device, key, task, contributes, standing, certificates, since, attended, about, network },
      ...{ send, supersede, review },
    };
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
    const { task, device, key, contributes, about } = before;
    // Before anybody is told: should it fail, nothing has changed yet and all of this is done again.
    if (admitted) await store.sawDevice({ device, task, key, contributes, lastSeen: since, about });
    if (whyEnded()) return;
    who = sessions.revise(live, { standing, certificates, since }) ?? before;
    send('standing', { standing, certificates: [...certificates] });
    if (admitted) welcome();
    else if (standing !== 'admitted' && before.standing === 'admitted') await depart(before);
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
    const { device, task, key, contributes, about } = left;
    log.debug({ task, device }, 'a device is gone');
    await Promise.all([
      store.sawDevice({ device, task, key, contributes, lastSeen: clock.now(), about }),
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
    if (!live || !who || ports.isClosing() || !sessions.leave(live)) return;
    const { device } = who;
    depart(who).catch((error: unknown) => {
      // The round notes it when it can, and the rest is worth little.
      if (!isUnavailable(error)) log.error({ device, err: error }, 'a departure could not be noted');
    });
  }

  return { receive, device: () => who?.device ?? null, close };
}

function sameCertificates(some: readonly Certificate[], others: readonly Certificate[]): boolean {
  const signatures = (list: readonly Certificate[]) =>
    list
      .map(({ signature }) => signature)
      .toSorted()
      .join();
  return signatures(some) === signatures(others);
}
