import { BOX_BYTES, PROFILES } from '@sotto/he-core/params';
import { sealUpdate } from '@sotto/he-core/update';
import type { Sealing } from '@sotto/participant/sealing/service';
import { fromHex } from '@sotto/protocol/bytes';
import { decodeModelFile } from '@sotto/protocol/model-file';
import { coefficientsOf, type Plan, planHash } from '@sotto/protocol/plan';
import { isRejection } from '@sotto/protocol/rejection';
import { DEFAULT_DURATIONS } from '@sotto/protocol/run';
import { partsOf, roundPlanOf } from '@sotto/protocol/transcript';
import { afterEach, describe, expect, it } from 'vitest';
import { uploadBlob } from '../src/aggregation/upload-layout.ts';
import { createGuest, type Guest, type Hall, openHall, PARAMETERS, TASK, until } from './hall.ts';
import { createMockClock } from './mock-clock.ts';

/** The rows of docs/THREAT-MODEL.md that need a coordinator to be shown; the others are in packages/participant/test/who-learns-what.test.ts. */

let hall: Hall;
const guests: Guest[] = [];
afterEach(async () => {
  for (const { participant } of guests.splice(0)) await participant.leave();
  await hall.crash();
});

type Options = Parameters<typeof createGuest>[1];

/** Starts one round of four devices, the first one as given. */
async function startRound(first: Options = {}, prepare: (guest: Guest, at: number) => void = () => {}) {
  const clock = createMockClock();
  hall = await openHall({ clock });
  for (const [i, delta] of [0.1, 0.2, 0.3, 0.4].entries()) {
    const guest = await createGuest(clock, { delta, ...(i === 0 && first) });
    guests.push(guest);
    prepare(guest, i);
    guest.wire.connect(hall);
    await guest.participant.join();
    await until('the guest is in', () => guest.participant.state().connection === 'connected');
  }
  const run = await hall.runs.create({ task: TASK, rounds: 1, cohort: { least: 4 }, lanes: 2 });
  if (isRejection(run)) throw new Error(run.message);
  return {
    clock,
    events: () => hall.store.events(run.run, 1),
    outcome: () => until('the round is over', () => hall.runs.get(run.run)?.rounds[0]),
    initial: hall.runs.get(run.run)!.initial.model,
  };
}

/** The same round to its end. */
async function playRound(...given: Parameters<typeof startRound>) {
  const { initial, outcome, events } = await startRound(...given);
  return { initial, outcome: await outcome(), events: await events() };
}

/** The weights of a model, fetched as any participant fetches it. */
async function weightsOf({ wire }: Guest, hash: string): Promise<Float32Array> {
  const bytes = await wire.fetch(`/api/models/${hash}`);
  const model = isRejection(bytes) ? bytes : decodeModelFile(bytes);
  if (isRejection(model)) throw new Error(model.message);
  return model.weights;
}

async function planOf(hash: string): Promise<Plan> {
  return (await hall.store.plan(hash))!.plan;
}

describe('every participant', () => {
  it('learns the model, hence the mean; |U| − 1 colluding contributors learn the last one’s update', async () => {
    const { outcome, initial } = await playRound();
    if (outcome.kind !== 'published') throw new Error(outcome.reason);
    const [victim, ...colluders] = guests as [Guest, ...Guest[]];
    const [before, after] = [await weightsOf(colluders[0]!, initial), await weightsOf(colluders[0]!, outcome.model)];
    const mean = Array.from(after, (weight, i) => weight - before[i]!);
    const transcript = (await hall.store.transcript(outcome.transcript))!;
    const [{ plan, metadata }] = partsOf(transcript.body);
    const { encoding } = plan.plan;
    const hash = planHash(plan.plan);
    const [examples] = metadata;
    for (const [i, value] of mean.entries()) {
      // The mean was a sum of levels once, times what the plan and the transcript say to everybody.
      const sum = (value * examples! * encoding.lambda) / (encoding.exampleCap * encoding.ranges[0]!.range);
      const own = colluders.reduce((total, { sealed }) => total + sealed.get(hash)![i]!, 0);
      const last = victim.sealed.get(hash)![i]!;
      // As exact as the model's float32 is.
      expect(Math.abs(sum - own - last) / Math.abs(last)).toBeLessThan(1e-5);
    }
  });
});

describe('a malicious participant', () => {
  it('cannot read others: nothing it is sent or can fetch holds their ciphertexts, or boxes that are not for it', async () => {
    const received: Uint8Array[] = [];
    const { events } = await playRound({}, ({ wire }, at) => {
      if (at > 0) return;
      const { request, fetch } = wire;
      wire.request = async (...args) => {
        const answer = await request(...args);
        if (!isRejection(answer)) received.push(answer.bytes);
        return answer;
      };
      wire.fetch = async (path) => {
        const bytes = await fetch(path);
        if (!isRejection(bytes)) received.push(bytes);
        return bytes;
      };
    });
    const [curious] = guests as [Guest];
    const planned = events.find((event) => event.type === 'planned')!;
    const plan = await planOf(planned.planHash);
    const place = plan.committee.members.findIndex(({ key }) => key === curious.participant.key);
    const seen = Buffer.concat(received);
    let others = 0;
    for (const event of events) {
      if (event.type !== 'update' || event.device === curious.participant.state().device) continue;
      others += 1;
      const upload = Buffer.from((await hall.blobs.read(uploadBlob(planned.planHash, event.device, event.digest)))!);
      const boxes = event.record.boxes.length;
      const ciphertextBytes = upload.length - boxes * BOX_BYTES;
      expect(seen.includes(upload.subarray(0, ciphertextBytes))).toBe(false);
      for (let x = 0; x < boxes; x++) {
        const box = upload.subarray(ciphertextBytes + x * BOX_BYTES, ciphertextBytes + (x + 1) * BOX_BYTES);
        expect(seen.includes(box)).toBe(x === place);
      }
      // Asking for it by name gives nothing: only models, plans and transcripts have addresses.
      for (const path of [`/api/models/${event.record.ciphertext}`, `/api/models/${event.digest}`])
        expect(await curious.wire.fetch(path)).toHaveProperty('rejected');
    }
    expect(others).toBe(3);
  });

  it('cannot read others: who is not on the committee is shown no candidates, let alone boxes', async () => {
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const { clock, events, outcome } = await startRound({}, ({ wire }, at) => {
      const { request } = wire;
      wire.request = async (name, payload, bytes) => {
        // The first gives no one-time key and gets no seat; a member keeps the check from ending.
        if (at === 0 && name === 'one-time-key') return new Promise(() => {});
        if (at === 1 && name === 'answer') await held;
        return request(name, payload, bytes);
      };
    });
    const seen = async (type: string) => (await events()).filter((event) => event.type === type);
    await until('three gave their keys', async () => (await seen('one-time-key')).length === 3);
    clock.advance(DEFAULT_DURATIONS.keysMs);
    await until('two members answered', async () => (await seen('answer')).length === 2);
    const [planned] = (await seen('planned')) as { planHash: string }[];
    const [outsider, member] = guests as [Guest, Guest];
    const ask = { planHash: planned!.planHash, from: 0 };
    expect(await outsider.wire.request('candidates', ask)).toMatchObject({ rejected: 'not_asked' });
    expect(await member.wire.request('candidates', ask)).toMatchObject({ reply: { total: 4 } });
    letGo();
    expect(await outcome()).toMatchObject({ kind: 'published', contributors: 4 });
  });

  /** Seals whatever it likes in the place of its levels and its metadata. */
  const sealing = (forge: (plan: Plan, metadata: number) => Float64Array): Partial<Sealing> => ({
    async seal({ plan, device }) {
      const { encoding, committee } = plan;
      const sealed = await sealUpdate({
        profile: encoding.profile,
        planHash: fromHex(planHash(plan)),
        deviceId: fromHex(device),
        messages: forge(plan, coefficientsOf(encoding) - encoding.metadata.length),
        threshold: committee.threshold,
        members: committee.members.map(({ oneTime }) => fromHex(oneTime.key)),
      });
      return isRejection(sealed) ? sealed : { ...sealed, norm: 0, levels: new Int32Array(PARAMETERS) };
    },
  });

  it.each([
    ['the largest a coefficient holds', 1],
    ['its negative', -1],
  ])('moves the model by at most what the clip on the opened mean allows, whatever it seals: %s', async (_, sign) => {
    const { outcome, initial } = await playRound({
      sealer: sealing(({ encoding }, metadata) => {
        const most = PROFILES[encoding.profile].t / 2 - 1;
        const messages = new Float64Array(coefficientsOf(encoding)).fill(sign * most, 0, metadata);
        // With the ten examples of each of the others, the fewest that can pass: the mean is divided by no more than that.
        messages[metadata] = 4 - 30;
        return messages;
      }),
    });
    if (outcome.kind !== 'published') throw new Error(outcome.reason);
    const [before, after] = [await weightsOf(guests[1]!, initial), await weightsOf(guests[1]!, outcome.model)];
    const { clip } = roundPlanOf((await hall.store.transcript(outcome.transcript))!.body).encoding;
    const moved = Math.hypot(...Array.from(after, (weight, i) => weight - before[i]!));
    // It takes all that there is to take, and no more.
    expect(moved).toBeCloseTo(clip, 4);
  });

  it('can make a round fail: with an impossible count of examples nothing is published, and the model stays', async () => {
    const { outcome, events } = await playRound({
      sealer: sealing(({ encoding }, metadata) => {
        const messages = new Float64Array(coefficientsOf(encoding));
        messages[metadata] = -1000;
        return messages;
      }),
    });
    expect(outcome).toMatchObject({ kind: 'abandoned', reason: 'impossible_sum' });
    expect(events.some((event) => event.type === 'opened' || event.type === 'published')).toBe(false);
  });
});
