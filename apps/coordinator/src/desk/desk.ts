import { randomBytes } from 'node:crypto';
import { toHex } from '@sotto/protocol/bytes';
import { type Certificate, checkCertificate } from '@sotto/protocol/certificate';
import { deviceIdOf } from '@sotto/protocol/ids';
import { helloString, MAX_MESSAGE_BYTES, REQUESTS, type RequestName, type RequestOf } from '@sotto/protocol/messages';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { verifySignature } from '@sotto/protocol/signature';
import { firstIssue } from '../first-issue.ts';
import { createKeyedTurns } from '../turns.ts';
import { createMemberDesk } from './member-desk.ts';
import type { Answered, DeskPorts } from './ports.ts';
import type { Live, Presence, Send } from './sessions.ts';
import { createUploadDesk } from './upload-desk.ts';

/** One connection of one device. Nothing a peer sends makes it throw. */
export interface Session {
  receive(name: unknown, payload: unknown, bytes?: Uint8Array): Promise<Answered | Rejection>;
  close(): void;
}

export interface Desk {
  open(send: Send): Session;
  /** From now on departures are our own going down, not the devices' leaving. */
  close(): void;
}

const BUDGET_BYTES = 64 * 2 ** 20;
const BUSY_RETRY_MS = 250;

/** The border: every message of every device, whatever it came by, is checked here and nowhere later. */
export function createDesk(ports: DeskPorts): Desk {
  const { coordinator, studyKey, runs, sessions, store, clock, log } = ports;
  const budget = ports.budgetBytes ?? BUDGET_BYTES;
  const uploads = createUploadDesk(ports);
  const members = createMemberDesk(ports);
  // One device's messages are taken one at a time, over all its connections: a part never races another.
  const inTurn = createKeyedTurns();
  let underWay = 0;
  let closing = false;

  function open(send: Send): Session {
    const nonce = toHex(randomBytes(32));
    let live: Live | null = null;
    let who: Presence | null = null;
    let state: 'open' | 'superseded' | 'closed' = 'open';
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
        log.error({ event: name, device: who?.device, err: error }, 'a message could not be handled');
        return reject('internal', 'The coordinator failed to handle this message. Its log says why; try again later.');
      } finally {
        underWay -= size;
      }
    }

    async function answer(message: Message): Promise<Answered | Rejection> {
      const ended = whyEnded();
      if (ended) return ended;
      if (message.name === 'hello') return hello(message.payload);
      if (!who) return reject('not_introduced', 'Say hello first: who are you?');
      return handle(who, message);
    }

    async function hello(request: RequestOf<'hello'>): Promise<Answered<'hello'> | Rejection> {
      const { task, key, contributes } = request;
      if (live) return reject('bad_message', 'This connection has already introduced itself.');
      if (!ports.tasks.has(task)) return reject('unknown_task', `There is no task ${task} here. Check the link.`);
      if (!(await verifySignature(key, helloString({ coordinator, nonce }), request.signature)))
        return reject('bad_signature', "The hello is not signed by this device's key over this connection's nonce.");
      const device = deviceIdOf(key);
      for (const certificate of studyKey === null ? [] : request.certificates) {
        const { role } = certificate;
        const refused = await checkCertificate(certificate, { studyKey: studyKey!, key, task, role, now: clock.now() });
        // One that ran out is as good as none; one that was never right is a reason to speak up.
        if (refused?.rejected === 'certificate_expired') continue;
        if (refused) return refused;
        await store.keepCertificate(certificate);
      }
      const certificates: Certificate[] = [];
      for (const certificate of await store.certificates(task, clock.now(), device)) {
        if (studyKey === null) break;
        const { role } = certificate;
        // One that was kept may be of an earlier study key.
        if (!(await checkCertificate(certificate, { studyKey, key, task, role, now: clock.now() })))
          certificates.push(certificate);
      }
      await store.sawDevice({ device, task, key, contributes, lastSeen: clock.now() });
      const ended = whyEnded();
      if (ended) return ended;
      // It is not hung up on: it would come straight back, and the two would displace each other for ever.
      const supersede = () => {
        state = 'superseded';
      };
      live = { device, key, task, contributes, certificates, since: clock.now(), send, supersede };
      const entered = sessions.enter(live);
      who = entered;
      // After the reply, so that a device is welcomed before it is given work; it may have gone again by then.
      setImmediate(() => {
        if (sessions.find(task, device) !== entered) return;
        const over = runs.farewell(task, device);
        if (over) send('round-over', over);
        runs
          .arrived(task, device)
          .then(() => {
            for (const duty of runs.duties(task, device)) send('duty', duty);
          })
          .catch((error: unknown) => log.error({ device, err: error }, 'a device could not be welcomed'));
      });
      return { reply: { device, now: clock.now(), status: runs.status(task)!, certificates } };
    }

    function whyEnded(): Rejection | undefined {
      if (state === 'superseded')
        return reject('superseded', 'This device is connected a second time, perhaps in another tab. Use that one.');
      return state === 'closed' ? reject('not_introduced', 'This connection is closed.') : undefined;
    }

    function close(): void {
      if (state === 'open') state = 'closed';
      if (!live || closing || !sessions.leave(live)) return;
      const { device, task, key, contributes } = live;
      Promise.all([
        store.sawDevice({ device, task, key, contributes, lastSeen: clock.now() }),
        runs.departed(task, device),
      ]).catch((error: unknown) => log.error({ device, err: error }, 'a departure could not be noted'));
    }

    return { receive, close };
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

  return {
    open,
    close() {
      closing = true;
    },
  };
}

type Message = {
  [Name in RequestName]: { readonly name: Name; readonly payload: RequestOf<Name>; readonly bytes: Uint8Array };
}[RequestName];

/** Strict: a known event, exactly its fields, bytes where there must be bytes and nowhere else. */
function parseMessage(
  name: unknown,
  payload: unknown,
  bytes: Uint8Array | undefined,
): Message | Rejection<'bad_message'> {
  if (typeof name !== 'string') return reject('bad_message', 'The name of a message is a string.');
  const known = Object.hasOwn(REQUESTS, name) ? REQUESTS[name as RequestName] : undefined;
  if (!known) return reject('bad_message', `There is no message “${name.slice(0, 64)}”.`);
  if ((bytes?.length ?? 0) > MAX_MESSAGE_BYTES)
    return reject('bad_message', `${name}: ${bytes!.length} bytes are more than ${MAX_MESSAGE_BYTES}.`);
  if (known.sendsBytes !== (bytes !== undefined))
    return reject('bad_message', `${name}: ${known.sendsBytes ? 'the bytes are missing' : 'it carries no bytes'}.`);
  const parsed = known.request.safeParse(payload);
  if (!parsed.success) return reject('bad_message', `${name}: ${firstIssue(parsed.error)}`);
  return { name, payload: parsed.data, bytes: bytes ?? new Uint8Array(0) } as Message;
}
