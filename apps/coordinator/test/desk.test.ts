import { openIdentity } from '@sotto/participant/identity';
import { toHex } from '@sotto/protocol/bytes';
import { issueCertificate } from '@sotto/protocol/certificate';
import { sha256Hex } from '@sotto/protocol/digest';
import { deviceIdOf } from '@sotto/protocol/ids';
import { answerString, openingString, voteString } from '@sotto/protocol/member-answers';
import { type Challenge, type Duty, helloString, type RequestName, type RequestOf } from '@sotto/protocol/messages';
import { signOneTimeKey } from '@sotto/protocol/one-time-key';
import { isRejection } from '@sotto/protocol/rejection';
import { type Signer, signerOf } from '@sotto/protocol/signature';
import { partsOf, roundPlanOf } from '@sotto/protocol/transcript';
import { updateString } from '@sotto/protocol/update-record';
import { afterEach, describe, expect, it } from 'vitest';
import { uploadLayout } from '../src/aggregation/upload-layout.ts';
import type { Session } from '../src/desk/session.ts';
import { createGuest, type Guest, type Hall, openHall, TASK, until } from './hall.ts';
import { createMockClock, type MockClock } from './mock-clock.ts';

const halls: Hall[] = [];
const guests: Guest[] = [];
afterEach(async () => {
  for (const { participant } of guests.splice(0)) await participant.leave();
  for (const hall of halls.splice(0)) await hall.crash();
});

const OTHER = 'ab'.repeat(32);
/** Of order eight on Curve25519. */
const SMALL_ORDER = 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800';

async function signer(): Promise<Signer> {
  const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
  return signerOf(pair.privateKey, toHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))));
}

function flipped(signature: string): string {
  return (signature.startsWith('0') ? '1' : '0') + signature.slice(1);
}

/** A device by hand: it says exactly what a test makes it say. */
async function knock(hall: Hall, keys?: Signer) {
  keys ??= await signer();
  const duties: Duty[] = [];
  let challenge: Challenge | undefined;
  const session: Session = hall.desk.open(((name: string, payload: unknown) => {
    if (name === 'challenge') challenge = payload as Challenge;
    if (name === 'duty') duties.push(payload as Duty);
  }) as never);
  const hello = async (change: object = {}) =>
    session.receive('hello', {
      version: 1,
      task: TASK,
      key: keys.publicKey,
      signature: await keys.sign(helloString(challenge!)),
      certificates: [],
      contributes: true,
      ...change,
    });
  return { keys, session, duties, hello, challenge: challenge! };
}

async function open(options: Partial<Parameters<typeof openHall>[0]> = {}): Promise<{ hall: Hall; clock: MockClock }> {
  const clock = createMockClock();
  const hall = await openHall({ clock, ...options });
  halls.push(hall);
  return { hall, clock };
}

const codeOf = (answered: unknown) => (isRejection(answered) ? answered.rejected : 'accepted');

describe('the border before hello', () => {
  it('refuses what is no message, and names the field that is wrong', async () => {
    const { hall } = await open();
    const { session, hello } = await knock(hall);
    expect(codeOf(await session.receive('shout', {}))).toBe('bad_message');
    expect(codeOf(await session.receive('constructor', {}))).toBe('bad_message');
    for (const name of [5, null, undefined, {}, ['hello']])
      expect(codeOf(await session.receive(name, {}))).toBe('bad_message');
    expect(codeOf(await session.receive('commit', { planHash: OTHER }))).toBe('not_introduced');
    expect(await hello({ version: 2 })).toMatchObject({
      rejected: 'bad_message',
      message: expect.stringMatching('version'),
    });
    expect(await hello({ contributes: 'yes' })).toMatchObject({ message: expect.stringMatching('contributes') });
    expect(await hello({ surprise: 1 })).toMatchObject({ message: expect.stringMatching('surprise') });
    for (const nonsense of [undefined, null, 7, 'hello', [], { planHash: {} }])
      expect(codeOf(await session.receive('commit', nonsense))).toBe('bad_message');
    expect(codeOf(await session.receive('commit', { planHash: OTHER }, new Uint8Array(1)))).toBe('bad_message');
    expect(codeOf(await session.receive('part', { planHash: OTHER, offset: 0 }))).toBe('bad_message');
    expect(codeOf(await session.receive('part', { planHash: OTHER, offset: 0 }, new Uint8Array(1_000_001)))).toBe(
      'bad_message',
    );
  });

  it('believes nobody without a signature over its own nonce', async () => {
    const { hall } = await open();
    const [first, second, third, fourth] = [await knock(hall), await knock(hall), await knock(hall), await knock(hall)];
    const signature = await first.keys.sign(helloString(first.challenge));
    expect(codeOf(await first.hello())).toBe('accepted');
    // A hello overheard on another connection.
    expect(codeOf(await second.hello({ key: first.keys.publicKey, signature }))).toBe('bad_signature');
    expect(codeOf(await third.hello({ signature: flipped(signature) }))).toBe('bad_signature');
    expect(codeOf(await fourth.hello({ task: 'elsewhere' }))).toBe('unknown_task');
    expect(hall.sessions.present(TASK).map(({ key }) => key)).toEqual([first.keys.publicKey]);
  });

  it('takes a nonce once, whatever became of the first hello', async () => {
    const { hall } = await open();
    const [first, second] = [await knock(hall), await knock(hall)];
    expect(codeOf(await first.hello())).toBe('accepted');
    expect(codeOf(await first.hello())).toBe('bad_message');
    const forged = flipped(await second.keys.sign(helloString(second.challenge)));
    expect(codeOf(await second.hello({ signature: forged }))).toBe('bad_signature');
    expect(codeOf(await second.hello())).toBe('bad_message');
    expect(hall.sessions.present(TASK)).toHaveLength(1);
  });

  it('keeps a certificate of the study, ignores an expired one and refuses a forged one', async () => {
    const study = await signer();
    const { hall, clock } = await open({ studyKey: study.publicKey });
    const { keys, hello } = await knock(hall);
    const other = await knock(hall, keys);
    const about = { key: keys.publicKey, task: TASK, role: 'member' as const };
    const forged = await issueCertificate(await signer(), { ...about, expiry: clock.now() + 1000 });
    expect(codeOf(await hello({ certificates: [forged] }))).toBe('certificate_forged');
    const expired = await issueCertificate(study, { ...about, expiry: clock.now() });
    const valid = await issueCertificate(study, { ...about, role: 'device', expiry: clock.now() + 1000 });
    expect(await other.hello({ certificates: [expired, valid] })).toMatchObject({ reply: { certificates: [valid] } });
  });

  it('lets the newest connection of a device win, and tells the older one', async () => {
    const { hall, clock } = await open();
    const guest = await createGuest(clock);
    guests.push(guest);
    guest.wire.connect(hall);
    await guest.participant.join();
    await until('it is in', () => guest.participant.state().connection === 'connected');
    const identity = await openIdentity(guest.vault);
    const { session, challenge } = await knock(hall);
    const signature = await identity.sign(helloString(challenge));
    const again = { version: 1, task: TASK, key: identity.publicKey, signature, certificates: [], contributes: true };
    expect(codeOf(await session.receive('hello', again))).toBe('accepted');
    expect(await guest.wire.request('commit', { planHash: OTHER })).toMatchObject({ rejected: 'superseded' });
    guest.wire.cut();
    // The older one's going is not the device's.
    expect(hall.sessions.present(TASK)).toHaveLength(1);
    session.close();
    expect(hall.sessions.present(TASK)).toHaveLength(0);
  });

  it('does not take a device for present that went right after its hello', async () => {
    const { hall } = await open();
    const devices = await Promise.all([1, 2, 3].map(() => knock(hall)));
    for (const { hello } of devices) await hello();
    const run = await hall.runs.create({ task: TASK, rounds: 1 });
    if (isRejection(run)) throw new Error(run.message);
    const [first] = devices;
    first!.session.close();
    const again = await knock(hall, first!.keys);
    await again.hello();
    again.session.close();
    const comings = async () => (await hall.store.events(run.run, 1)).map(({ type }) => type);
    await until('it is seen to be gone', async () => (await comings()).includes('left'));
    // Whatever was still to be done about the hello is done by now.
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(await comings()).toEqual(['left']);
  });

  it('asks to wait while too many bytes are under way', async () => {
    const { hall } = await open({ budgetBytes: 1000 });
    const { session, hello } = await knock(hall);
    await hello();
    const part = session.receive('part', { planHash: OTHER, offset: 0 }, new Uint8Array(800));
    expect(await session.receive('part', { planHash: OTHER, offset: 800 }, new Uint8Array(800))).toMatchObject({
      rejected: 'too_busy',
      retryAfterMs: expect.any(Number),
    });
    expect(codeOf(await part)).toBe('upload_incomplete');
  });
});

type Lie = readonly [what: string, code: string, payload: object, bytes?: Uint8Array];

describe('a round among liars', () => {
  it('refuses every tampered message with a code of its own, and publishes all the same', async () => {
    const { hall, clock } = await open();
    const told: string[] = [];
    const outside = await knock(hall);
    await outside.hello({ contributes: false });
    const made = await Promise.all([0.1, 0.2, 0.3, 0.4].map((delta) => createGuest(clock, { delta })));
    guests.push(...made);

    /** What could be said instead of this message. */
    async function lies(guest: Guest, name: RequestName, payload: object, bytes: Uint8Array): Promise<Lie[]> {
      const identity = await openIdentity(guest.vault);
      switch (name) {
        case 'one-time-key': {
          const { round, oneTime } = payload as RequestOf<'one-time-key'>;
          const sign = (expiry: number, key = oneTime.key) => signOneTimeKey(identity, round, key, expiry);
          const point = async (key: string) => ({ round, oneTime: await sign(oneTime.expiry, key) });
          return [
            ['a later round', 'round_over', { round: { ...round, round: round.round + 1 }, oneTime }],
            ['a foreign run', 'round_over', { round: { ...round, run: 'other' }, oneTime }],
            [
              'a flipped bit',
              'bad_signature',
              { round, oneTime: { ...oneTime, signature: flipped(oneTime.signature) } },
            ],
            ['a key that dies early', 'key_expiry', { round, oneTime: await sign(clock.now() + 1000) }],
            ['a key that lives on', 'key_expiry', { round, oneTime: await sign(clock.now() + 25 * 3600_000) }],
            ['the neutral point', 'bad_key', await point('00'.repeat(32))],
            ['a point of small order', 'bad_key', await point(SMALL_ORDER)],
            ['the same point, spelled otherwise', 'bad_key', await point(`${SMALL_ORDER.slice(0, -2)}80`)],
          ];
        }
        case 'upload': {
          const request = payload as RequestOf<'upload'>;
          const { record } = request;
          const foreign = { ...record, key: outside.keys.publicKey };
          return [
            ['another plan', 'round_over', { ...request, planHash: OTHER }],
            ['a byte too few', 'wrong_length', { ...request, bytes: request.bytes - 1 }],
            ['a box too few', 'wrong_length', { ...request, record: { ...record, boxes: record.boxes.slice(1) } }],
            ['another device', 'not_yours', { ...request, record: foreign }],
            ['another ciphertext', 'bad_signature', { ...request, record: { ...record, ciphertext: OTHER } }],
            ['no boxes', 'bad_message', { ...request, record: { ...record, boxes: [] } }],
          ];
        }
        case 'part': {
          const { planHash, offset } = payload as RequestOf<'part'>;
          return [
            ['a gap', 'part_out_of_order', { planHash, offset: offset + 1 }, bytes.subarray(1)],
            ['nothing', 'wrong_length', { planHash, offset }, new Uint8Array(0)],
            ['too large a part', 'wrong_length', { planHash, offset }, new Uint8Array(300_000)],
            ['beyond the end', 'wrong_length', { planHash, offset: offset + bytes.length }, bytes],
            ['another plan', 'upload_incomplete', { planHash: OTHER, offset }, bytes],
          ];
        }
        case 'candidates':
          return [['another plan', 'round_over', { planHash: OTHER, from: 0 }]];
        case 'answer': {
          const request = payload as RequestOf<'answer'>;
          const { planHash, candidates, x } = request;
          const signed = async (list: string, answer: Uint8Array): Promise<object> => ({
            ...request,
            candidates: list,
            signature: await identity.sign(answerString(planHash, list, x, answer)),
          });
          const short = bytes.subarray(0, -1);
          const strange = Uint8Array.from(bytes, (byte, i) => (i === 0 ? 7 : byte));
          const large = Uint8Array.from(bytes, (byte, i) => (i === 1 || i === 2 ? 255 : byte));
          return [
            ['another place', 'not_asked', { ...request, x: x === 1 ? 2 : 1 }, bytes],
            ['no such place', 'bad_message', { ...request, x: 0 }, bytes],
            ['a flipped bit', 'bad_signature', { ...request, signature: flipped(request.signature) }, bytes],
            ['a byte less', 'answer_length', await signed(candidates, short), short],
            ['a strange flag', 'answer_flag', await signed(candidates, strange), strange],
            ['a value beyond p', 'answer_value', await signed(candidates, large), large],
            ['another list', 'wrong_list', await signed(OTHER, bytes), bytes],
          ];
        }
        case 'vote': {
          const request = payload as RequestOf<'vote'>;
          const signature = await identity.sign(voteString(request.planHash, OTHER));
          return [
            ['another place', 'not_asked', { ...request, x: request.x === 1 ? 2 : 1 }],
            ['a flipped bit', 'bad_signature', { ...request, signature: flipped(request.signature) }],
            ['another list', 'wrong_list', { ...request, contributors: OTHER, signature }],
          ];
        }
        case 'opening': {
          const request = payload as RequestOf<'opening'>;
          const { planHash, x } = request;
          const large = Uint8Array.from(bytes, (byte, i) => (i < 2 ? 255 : byte));
          const signature = await identity.sign(openingString(planHash, OTHER, x, bytes));
          return [
            ['another place', 'not_asked', { ...request, x: x === 1 ? 2 : 1 }, bytes],
            ['a flipped bit', 'bad_signature', { ...request, signature: flipped(request.signature) }, bytes],
            ['a byte less', 'opening_length', request, bytes.subarray(1)],
            ['a value beyond p', 'opening_value', request, large],
            ['another list', 'wrong_list', { ...request, contributors: OTHER, signature }, bytes],
          ];
        }
        default:
          return [];
      }
    }

    for (const guest of made) {
      const honest = guest.wire.request;
      const spoken = new Set<RequestName>();
      guest.wire.request = async (name, payload, bytes) => {
        if (!spoken.has(name)) {
          spoken.add(name);
          for (const [what, code, lie, falseBytes] of await lies(guest, name, payload, bytes ?? new Uint8Array(0))) {
            const answered = codeOf(await honest(name, lie as never, falseBytes));
            told.push(`${name}, ${what}: ${answered === code ? 'refused' : `${answered}, not ${code}`}`);
          }
          if (name === 'commit' || name === 'candidates' || name === 'vote') {
            const planHash = (payload as { planHash: string }).planHash;
            const stranger = await outside.session.receive(
              name,
              name === 'candidates' ? { planHash, from: 0 } : payload,
            );
            expect(codeOf(stranger)).toBe(name === 'commit' ? 'upload_incomplete' : 'not_asked');
          }
        }
        const answered = await honest(name, payload, bytes);
        // Said twice, heard once.
        if (name !== 'hello' && name !== 'part' && !isRejection(answered)) {
          const again = await honest(name, payload, bytes);
          if (codeOf(again) !== 'accepted') expect(codeOf(again)).toMatch(/^(round_over|too_late|wrong_phase)$/);
        }
        return answered;
      };
      guest.wire.connect(hall);
      await guest.participant.join();
    }
    await until('all are in', () => hall.sessions.present(TASK).length === 5);
    const run = await hall.runs.create({ task: TASK, rounds: 1, cohort: { least: 4 }, lanes: 2 });
    if (isRejection(run)) throw new Error(run.message);
    const { rounds } = await until('the run is finished', () => {
      const now = hall.runs.get(run.run)!;
      return now.state === 'finished' && now;
    });
    expect(rounds[0]).toMatchObject({ kind: 'published', contributors: 4 });
    expect(rounds[0]?.kind === 'published' && rounds[0].testAccuracy).toBeCloseTo(0.25, 2);
    expect(hall.errors).toEqual([]);
    expect(told.filter((line) => !line.endsWith(': refused'))).toEqual([]);
    expect(new Set(told).size).toBe(35);
  });

  it('takes an upload again that was damaged on the way', async () => {
    const { hall, clock } = await open();
    const made = await Promise.all([0.1, 0.2, 0.3].map((delta) => createGuest(clock, { delta })));
    guests.push(...made);
    const commits: string[] = [];
    const honest = made[0]!.wire.request;
    let damaged = false;
    made[0]!.wire.request = async (name, payload, bytes) => {
      let sent = bytes;
      if (name === 'part' && !damaged) {
        damaged = true;
        sent = bytes!.slice();
        sent[3]! ^= 1;
      }
      const answered = await honest(name, payload, sent);
      if (name === 'commit') commits.push(codeOf(answered));
      return answered;
    };
    for (const { wire, participant } of made) {
      wire.connect(hall);
      await participant.join();
    }
    await until('all are in', () => hall.sessions.present(TASK).length === 3);
    const run = await hall.runs.create({ task: TASK, rounds: 1 });
    if (isRejection(run)) throw new Error(run.message);
    await until('the run is finished', () => hall.runs.get(run.run)?.state === 'finished');
    expect(commits).toEqual(['upload_damaged', 'accepted']);
    expect(hall.runs.get(run.run)!.rounds[0]).toMatchObject({ kind: 'published', contributors: 3 });
  });

  it('counts no update with a residue out of range, and none from outside the cohort', async () => {
    const { hall, clock } = await open();
    const made = await Promise.all([0.1, 0.2, 0.3].map((delta) => createGuest(clock, { delta })));
    guests.push(...made);
    const liar = await knock(hall);
    await liar.hello();
    for (const { wire, participant } of made) {
      wire.connect(hall);
      await participant.join();
    }
    await until('all are in', () => hall.sessions.present(TASK).length === 4);
    const run = await hall.runs.create({ task: TASK, rounds: 1, cohort: { least: 4 } });
    if (isRejection(run)) throw new Error(run.message);
    // The liar gives no key; the round goes on without it on the committee.
    await until('the keys are in', async () => (await hall.store.events(run.run, 1)).length === 3);
    clock.advance(16_000);
    const { planHash } = await until('the liar is asked', () =>
      liar.duties.find((duty): duty is Extract<Duty, { kind: 'contribute' }> => duty.kind === 'contribute'),
    );
    const layout = uploadLayout(hall.runs.roundOf(planHash)!.plan()!);
    const bytes = new Uint8Array(layout.total).fill(255);
    const ciphertext = sha256Hex(bytes.subarray(0, layout.ciphertext));
    const box = sha256Hex(bytes.subarray(layout.ciphertext, layout.ciphertext + 8248));
    const unsigned = { key: liar.keys.publicKey, ciphertext, boxes: new Array(layout.boxes).fill(box) as string[] };
    const record = {
      ...unsigned,
      certificate: null,
      signature: await liar.keys.sign(updateString(planHash, unsigned)),
    };
    expect(codeOf(await liar.session.receive('upload', { planHash, record, bytes: bytes.length }))).toBe('accepted');
    expect(codeOf(await liar.session.receive('commit', { planHash }))).toBe('upload_incomplete');
    expect(codeOf(await liar.session.receive('part', { planHash, offset: 0 }, bytes))).toBe('accepted');
    expect(codeOf(await liar.session.receive('commit', { planHash }))).toMatch(/^ciphertext_(residue|padding)$/);
    // Sealed anew and left lying: never more than one of them is there, and none once the round is over.
    const left = async () =>
      (await hall.blobs.list(`uploads/${planHash}`)).filter((blob) => blob.includes(deviceIdOf(liar.keys.publicKey)));
    for (const ciphertext of ['1'.repeat(64), '2'.repeat(64)]) {
      const anew = { ...unsigned, ciphertext };
      const signed = { ...record, ciphertext, signature: await liar.keys.sign(updateString(planHash, anew)) };
      const upload = { planHash, record: signed, bytes: bytes.length };
      expect(codeOf(await liar.session.receive('upload', upload))).toBe('accepted');
      expect(codeOf(await liar.session.receive('part', { planHash, offset: 0 }, bytes))).toBe('accepted');
      expect(await left()).toHaveLength(1);
    }
    const stranger = await knock(hall);
    await stranger.hello();
    const foreign = { ...record, key: stranger.keys.publicKey };
    expect(codeOf(await stranger.session.receive('upload', { planHash, record: foreign, bytes: bytes.length }))).toBe(
      'not_asked',
    );
    liar.session.close();
    await until('three have uploaded', () => hall.runs.status(TASK)!.contributors === 3);
    await until('the liar is seen to be gone', async () =>
      (await hall.store.events(run.run, 1)).some(({ type }) => type === 'left'),
    );
    clock.advance(11_000);
    await until('the run is finished', () => hall.runs.get(run.run)?.state === 'finished');
    expect(hall.runs.get(run.run)!.rounds[0]).toMatchObject({ kind: 'published', contributors: 3 });
    expect(await left()).toEqual([]);
    expect(await hall.blobs.list(`uploads/${planHash}`)).toHaveLength(4);
  });

  it('asks nobody but certified devices where admission is certified', async () => {
    const study = await signer();
    const { hall, clock } = await open({ studyKey: study.publicKey });
    const pins = { studyKey: study.publicKey, admission: 'certified' as const };
    const member = (key: string) =>
      issueCertificate(study, { key, task: TASK, role: 'member', expiry: clock.now() + 86_400_000 });
    const device = (key: string) =>
      issueCertificate(study, { key, task: TASK, role: 'device', expiry: clock.now() + 86_400_000 });
    const made = await Promise.all([0.1, 0.2, 0.3, 0.4].map((delta) => createGuest(clock, { delta, pins })));
    guests.push(...made);
    const keys = await Promise.all(made.map(async ({ vault }) => (await openIdentity(vault)).publicKey));
    const [uncertified, ...certified] = keys;
    for (const key of certified) await hall.store.keepCertificate(await device(key), study.publicKey);
    for (const key of keys) await hall.store.keepCertificate(await member(key), study.publicKey);
    for (const { wire, participant } of made) {
      wire.connect(hall);
      await participant.join();
    }
    await until('all are in', () => hall.sessions.present(TASK).length === 4);
    const run = await hall.runs.create({ task: TASK, rounds: 1, committee: 'named', admission: 'certified' });
    if (isRejection(run)) throw new Error(run.message);
    await until('the run is finished', () => hall.runs.get(run.run)!.state === 'finished');
    const [outcome] = hall.runs.get(run.run)!.rounds;
    if (outcome?.kind !== 'published') throw new Error('unpublished');
    const [{ candidates }] = partsOf((await hall.store.transcript(outcome.transcript))!.body);
    expect(candidates.map(({ key }) => key).sort()).toEqual([...certified].sort());
    expect(candidates.map(({ key }) => key)).not.toContain(uncertified);
    expect(candidates.every(({ certificate }) => certificate?.role === 'device')).toBe(true);
  });

  it('seats the devices that the study names, and nobody else', async () => {
    const study = await signer();
    const { hall, clock } = await open({ studyKey: study.publicKey });
    const certificate = (key: string, lifetime = 24 * 3600_000) =>
      issueCertificate(study, { key, task: TASK, role: 'member', expiry: clock.now() + lifetime });
    const pins = { studyKey: study.publicKey };
    const made = await Promise.all([0.1, 0.2, 0.3].map((delta) => createGuest(clock, { delta, pins })));
    const members = await Promise.all([1, 2, 3].map(() => createGuest(clock, { contributes: false, pins })));
    guests.push(...made, ...members);
    const keys = await Promise.all(members.map(async ({ vault }) => (await openIdentity(vault)).publicKey));
    for (const { wire, participant } of [...made, ...members]) {
      wire.connect(hall);
      await participant.join();
    }
    await until('all are in', () => hall.sessions.present(TASK).length === 6);
    const run = await hall.runs.create({ task: TASK, rounds: 1, committee: 'named' });
    if (isRejection(run)) throw new Error(run.message);
    expect(hall.runs.status(TASK)!.phase).toBe('waiting');
    // Good now, but not until the round would be over.
    for (const key of keys) await hall.store.keepCertificate(await certificate(key, 10 * 60_000), study.publicKey);
    await hall.runs.reconsider(TASK);
    expect(hall.runs.status(TASK)!.phase).toBe('waiting');
    for (const key of keys) await hall.store.keepCertificate(await certificate(key), study.publicKey);
    await hall.runs.reconsider(TASK);
    const { rounds } = await until('the run is finished', () => {
      const now = hall.runs.get(run.run)!;
      return now.state === 'finished' && now;
    });
    const [outcome] = rounds;
    if (outcome?.kind !== 'published') throw new Error('unpublished');
    const { committee } = roundPlanOf((await hall.store.transcript(outcome.transcript))!.body);
    expect(committee.members.map(({ key }) => key).sort()).toEqual([...keys].sort());
    expect(committee.members.every(({ certificate: held }) => held !== null)).toBe(true);
  });
});
