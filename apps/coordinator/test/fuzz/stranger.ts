import { toHex } from '@sotto/protocol/bytes';
import { Challenge, helloString, REQUESTS, type RequestName } from '@sotto/protocol/messages';
import { type Signer, signerOf } from '@sotto/protocol/signature';
import { z } from 'zod';
import type { Chance } from './chance.ts';
import { exampleOf } from './examples.ts';
import { junk, mutate, mutateBytes, nested } from './mutation.ts';
import type { Overhearing } from './overheard.ts';
import { frameOf, openWebSocket, type RawWebSocket } from './web-socket.ts';

const NAMES = Object.keys(REQUESTS) as RequestName[];
const SCHEMAS = new Map(NAMES.map((name) => [name, z.toJSONSchema(REQUESTS[name].request, { io: 'input' })]));
/** Said to one connection before it is left. */
const MOST_SAID = 60;
const PATIENCE_MS = 2000;

export interface StrangerPorts {
  readonly url: string;
  readonly chance: Chance;
  readonly overhearing: Overhearing;
  /** Identities that come back, and are asked to contribute as anybody is. */
  readonly regulars: readonly Signer[];
  /** Whether another input may be sent; counts it. */
  readonly take: () => boolean;
  /** The coordinator said that it failed. */
  readonly onFailure: (what: string) => void;
}

export async function newSigner(): Promise<Signer> {
  const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
  return signerOf(pair.privateKey, toHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))));
}

/** One connection of somebody who means no good: opens it, perhaps says who it is, says all kinds of things, and goes. */
export async function visitAsStranger(ports: StrangerPorts): Promise<void> {
  const { url, chance, take, onFailure } = ports;
  const { promise: challenged, resolve: onChallenge } = Promise.withResolvers<Challenge | undefined>();
  let answers = 0;
  let sid: string | undefined;
  const socket = await openWebSocket(url, {
    onText(text) {
      if (text.startsWith('42["challenge"')) {
        const challenge = Challenge.safeParse(JSON.parse(text.slice(2))[1]);
        onChallenge(challenge.data);
      }
      if (text.startsWith('0{')) sid = (JSON.parse(text.slice(1)) as { sid: string }).sid;
      if (/^4[36]/.test(text)) answers += 1;
      if (text.includes('"rejected":"internal"')) onFailure(text);
    },
  });
  if (!socket) return;
  const impatience = setTimeout(() => socket.destroy(), PATIENCE_MS);
  try {
    if (chance.is(0.95)) socket.send('40');
    void socket.closed.then(() => onChallenge(undefined));
    const challenge = await Promise.race([challenged, after(chance.is(0.1) ? 0 : 500)]);
    if (challenge && chance.is(0.85)) {
      await sayHello(ports, socket, challenge);
      // Whoever goes on before it is let in is soon hung up on.
      while (chance.is(0.99) && answers === 0 && socket.isOpen()) await after(1);
    }
    if (sid !== undefined && chance.is(0.05) && take()) await exchange(ports, sid);
    const count = 1 + chance.below(MOST_SAID);
    // Whoever breaks the framing is hung up on at once: most keep to it, so that what they say is heard.
    const breaksFraming = chance.is(0.3);
    for (let said = 0; said < count && socket.isOpen() && take(); said++) {
      if (breaksFraming) breakFraming(ports, socket);
      else sayMessage(ports, socket);
      // Some at once, some one after the other.
      if (chance.is(0.3)) await after(0);
    }
    const expected = answers + 1;
    socket.send('425["commit",{}]');
    while (answers < expected && socket.isOpen()) await after(5);
  } finally {
    clearTimeout(impatience);
    socket.destroy();
  }
}

async function sayHello(
  { chance, regulars }: StrangerPorts,
  socket: RawWebSocket,
  challenge: Challenge,
): Promise<void> {
  const signer = chance.is(0.5) ? chance.pick(regulars) : await newSigner();
  const hello = {
    version: 1,
    task: 'tiny',
    key: signer.publicKey,
    signature: await signer.sign(helloString(challenge)),
    certificates: [],
    contributes: chance.is(0.7),
  };
  socket.send(`420${JSON.stringify(['hello', chance.is(0.9) ? hello : mutate(hello, chance)])}`);
}

function breakFraming(ports: StrangerPorts, socket: RawWebSocket): void {
  const { chance } = ports;
  const kind = chance.below(10);
  if (kind < 6) sayMessage(ports, socket);
  else if (kind < 8) socket.send(packetOf(chance));
  else if (kind === 8 && chance.is(0.2)) socket.sendRaw(burstOf(chance));
  else socket.sendRaw(framesOf(chance));
}

/** Puts another WebSocket in the place of one that limits know. */
async function exchange({ url, onFailure }: StrangerPorts, sid: string): Promise<void> {
  const path = `/socket.io/?EIO=4&transport=websocket&sid=${sid}`;
  const other = await openWebSocket(url, {}, path, { Origin: 'https://evil.example' });
  if (!other) return;
  onFailure('a connection was exchanged for another');
  other.destroy();
}

/** A message made from its schema, or one that was overheard; as it is or wrong somewhere. */
function sayMessage({ chance, overhearing }: StrangerPorts, socket: RawWebSocket): void {
  const name = chance.pick(NAMES);
  const overheard = overhearing.pick(name, chance.below);
  const made = overheard && chance.is(0.8) ? overheard.payload : exampleOf(SCHEMAS.get(name), chance);
  const payload = chance.is(0.3) ? made : mutate(made, chance);
  const id = chance.is(0.9) ? String(chance.below(1000)) : '';
  const event = chance.is(0.97) ? name : junk(chance);
  const sendsBytes = REQUESTS[name].sendsBytes !== chance.is(0.05);
  if (!sendsBytes) {
    socket.send(`42${id}${JSON.stringify([event, payload])}`);
    return;
  }
  const known = overheard?.bytes ?? chance.bytes(chance.below(2000));
  const bytes = chance.is(0.3) ? known : mutateBytes(known, chance);
  socket.send(`451-${id}${JSON.stringify([event, payload, { _placeholder: true, num: 0 }])}`);
  socket.send(bytes);
}

/** Engine.IO and Socket.IO packets that are none. */
function packetOf(chance: Chance): string | Uint8Array {
  const deep = JSON.stringify(nested(1 + chance.below(20_000)));
  return chance.pick<() => string | Uint8Array>([
    () => '',
    () => String(chance.below(10)),
    () => `4${chance.below(10)}`,
    () => `4${chance.below(10)}${JSON.stringify(junk(chance))}`,
    () => '40/admin,',
    () => '40/admin,{"token":"x"}',
    () => `40/${'n'.repeat(chance.below(500))},`,
    () => '41',
    () => '41/admin,',
    () => '2probe',
    () => '5',
    () => '1',
    () => `451-["part",{"_placeholder":true,"num":${chance.pick([0, 1, -1, 0.5, 1e9])}}]`,
    () => `45${chance.pick(['0', '1', '2', '10', '9999999', '-1', '1e3', 'NaN'])}-["part",{}]`,
    () => `46${chance.below(12)}-1["x"]`,
    () => `43${chance.below(5)}["x"]`,
    () => '42["connect"]',
    () => '42["disconnect"]',
    () => '42["error",{}]',
    () => '42["newListener"]',
    () => `42${'9'.repeat(chance.below(400))}["hello"]`,
    () => `420["hello",${deep}]`,
    () => `420["commit",{"planHash":${deep}}]`,
    () => `420[${chance.below(9)},{}]`,
    () => `42${JSON.stringify(['x'.repeat(chance.below(100_000))])}`,
    () => chance.bytes(chance.below(100)),
    () => JSON.stringify(junk(chance)).slice(0, 50_000),
    () => String.fromCharCode(...chance.bytes(20)),
  ])();
}

/** As many small packets as fit one segment, so that all are there before any has been acted on. */
function burstOf(chance: Chance): Uint8Array {
  const packet = frameOf(1, Buffer.from(chance.pick(['40', '40/admin,', '40/other,', '41', '420["hello",{}]', '3'])));
  return Buffer.concat(Array.from({ length: 900 }, () => packet));
}

/** WebSocket frames that are none, or are where none may be. */
function framesOf(chance: Chance): Uint8Array {
  const payload = chance.bytes(chance.below(200));
  return chance.pick<() => Uint8Array>([
    () => frameOf(chance.below(16), payload),
    () => frameOf(chance.pick([8, 9, 10]), payload, false),
    () => frameOf(0, payload),
    () =>
      Buffer.concat([
        frameOf(1, Buffer.from('42['), false),
        frameOf(0, Buffer.from('"x"'), false),
        frameOf(0, Buffer.from(']')),
      ]),
    () => Buffer.concat([frameOf(1, Buffer.from('4'), false), frameOf(9, payload), frameOf(1, payload)]),
    // A length that never comes, and one that no message has.
    () => Buffer.from([0x82, 0xfe, 0xff, 0xff, 0, 0, 0, 0, 1]),
    () => Buffer.from([0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]),
    // Not masked; reserved bits; no UTF-8.
    () => Buffer.from([0x81, 0x02, 0x34, 0x30]),
    () => Buffer.from([0xf1, 0x80, 0, 0, 0, 0]),
    () => frameOf(1, Buffer.from([0xc3, 0x28, 0xff])),
    () => frameOf(8, Buffer.from([0, 1])),
    () => payload,
  ])();
}

function after(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
