import { readFileSync } from 'node:fs';
import { chooseEncoding } from '@sotto/fl-core/encoding';
import { calibrate } from '@sotto/fl-core/privacy/calibration';
import { PROFILES } from '@sotto/he-core/params';
import { coefficientsOf, type Plan } from '@sotto/protocol/plan';
import { isRejection } from '@sotto/protocol/rejection';
import { encodeStateFile } from '@sotto/protocol/state-file';
import type { OpenedPart, RoundBody, TranscriptBody } from '@sotto/protocol/transcript';
import { Transcript, transcriptHash } from '@sotto/protocol/transcript';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyTranscript } from '../src/transcript-check.ts';
import { meanOf } from '../src/transcript-result.ts';
import { publishAsOfOld, publishGroups, publishRound, publishTranscript } from './published.ts';
import { createRoom, type Device } from './room.ts';

const FOREIGN = 'f'.repeat(64);
const firstWords = (texts: readonly string[]) => texts.map((text) => text.split(':')[0]);

async function devicesOf(room: Awaited<ReturnType<typeof createRoom>>, deltas: readonly number[]): Promise<Device[]> {
  return Promise.all(deltas.map((delta) => room.device({ delta })));
}

describe('the record of a round that was opened whole', () => {
  let room: Awaited<ReturnType<typeof createRoom>>;
  let published: Awaited<ReturnType<typeof publishRound>>;
  beforeAll(async () => {
    room = await createRoom();
    published = await publishRound(room, await devicesOf(room, [0.1, 0.2, 0.3]));
  });

  async function problemsOf(change: (body: RoundBody) => Partial<RoundBody>) {
    const { sums, before: model, body } = published;
    const { transcript } = await publishTranscript(room, { ...body, ...change(body) });
    return (await verifyTranscript(transcript, { sums, model })).problems.join(' ');
  }
  const ofPart = (change: (part: OpenedPart) => Partial<OpenedPart>) =>
    problemsOf(({ parts: [part] }) => ({ parts: [{ ...part!, ...change(part!) }] }));

  it('holds, and the report says what was not at hand to check', async () => {
    const { transcript, sums, before: model } = published;
    const alone = await verifyTranscript(transcript);
    expect(alone.problems).toEqual([]);
    const always = ['the committee', 'the addition', 'the results on held-out examples'];
    expect(firstWords(alone.unchecked).sort()).toEqual([...always, 'the sum', 'the model'].sort());
    const whole = await verifyTranscript(transcript, { sums, model });
    expect(whole.problems).toEqual([]);
    expect(whole.checks.map(({ name }) => name)).toEqual([
      'signature and chain',
      'plan and committee',
      'updates',
      'check answers',
      'votes',
      'openings',
      'gate and guard',
      'means',
      'model',
    ]);
    expect(firstWords(whole.unchecked).sort()).toEqual(always.sort());
  });

  it('does not hold with a model, a mean or a strategy that is not what the opened sum makes of the model before', async () => {
    const notTheModel = 'The published model is not what FedAvg makes of the one before and the mean of the round.';
    expect(await problemsOf(() => ({ model: FOREIGN }))).toBe(notTheModel);
    expect(await problemsOf(() => ({ mean: FOREIGN }))).toContain('is not what the rule makes of the means');
    expect(await ofPart(() => ({ mean: FOREIGN }))).toContain('recorded of the round is not that of its sum');
    const strategy = { name: 'FedAvgM', server_learning_rate: 0.5, server_momentum: 0 } as const;
    expect(await problemsOf(() => ({ strategy }))).toContain('not what FedAvgM makes of');
    expect(await problemsOf(() => ({ state: { before: null, after: FOREIGN } }))).toContain(
      'What the strategy remembers after the round',
    );
    expect(await problemsOf(() => ({ state: { before: FOREIGN, after: null } }))).toContain(
      'The first round of a run went on from something',
    );
    const { transcript, sums, before } = published;
    expect((await verifyTranscript(transcript, { sums, model: before.with(-1, 1) })).problems).toEqual([
      'The model at hand is not the one the round started from.',
    ]);
    expect((await verifyTranscript(transcript, { sums: [sums[0]!.with(-1, 1)] })).problems).toEqual([
      'A summed ciphertext at hand is none that the transcript names.',
    ]);
  });

  it('does not hold with metadata, contributors, candidates, votes or a sum that are others, fewer or none', async () => {
    expect(await ofPart(({ metadata }) => ({ metadata: metadata.with(0, 31) }))).toContain(
      'The opened metadata is not',
    );
    expect(await ofPart(() => ({ metadata: [] }))).toContain('The opened metadata is not');
    expect(await ofPart(({ contributors }) => ({ contributors: contributors.slice(1) }))).toContain(
      'not the candidates',
    );
    expect(await ofPart(({ candidates }) => ({ candidates: candidates.slice(1) }))).toContain('check answers');
    expect(await ofPart(({ candidates }) => ({ candidates: candidates.toReversed() }))).toContain('ascending order');
    expect(await ofPart(({ votes }) => ({ votes: votes.slice(1) }))).toContain('2 members voted; 3 had to');
    expect(await ofPart(({ openings }) => ({ openings: openings.slice(1) }))).toContain('do not open the sum');
    expect(await ofPart(({ answers }) => ({ answers: answers.slice(1) }))).toContain('do not allow the round to go on');
    expect(await ofPart(() => ({ sum: FOREIGN }))).toContain('none that the transcript names');
    const unsigned = ({ plan }: OpenedPart) => ({ plan: { ...plan, signature: '0'.repeat(128) } });
    expect(await ofPart(unsigned)).toBe('The plan is not signed by the coordinator.');
    const otherwise = ({ plan: { plan, signature } }: OpenedPart) => ({
      plan: { plan: { ...plan, minimumCohort: 4 }, signature },
    });
    expect(await ofPart(otherwise)).toContain('The plan is not signed by the coordinator.');
  });

  it('does not hold with a member listed twice among answers, votes or openings, whatever it says the second time', async () => {
    expect(await ofPart(({ answers }) => ({ answers: [...answers, answers[0]!] }))).toContain(
      'answer too many for place',
    );
    expect(await ofPart(({ votes }) => ({ votes: [...votes, votes[1]!] }))).toContain('more than one vote');
    expect(await ofPart(({ openings }) => ({ openings: [...openings, openings[2]!] }))).toContain(
      'more than one opening',
    );
    // A worthless one in front does not make room for it.
    const worthless = ({ answers }: OpenedPart) => ({
      answers: [{ ...answers[0]!, signature: '0'.repeat(128) }, ...answers],
    });
    expect(await ofPart(worthless)).toContain('answer too many for place');
  });

  it('does not hold where the guard had to refuse the round, or a part that does not count is all there is', async () => {
    const after = { accuracy: 0.2, loss: 2 };
    // Before it, the model had learned nothing that could be lost.
    expect(await problemsOf(({ heldOut }) => ({ heldOut: { ...heldOut, after } }))).toBe('');
    const { body } = await publishRound(room, await devicesOf(room, [0.1, 0.2, 0.3]), 2, FOREIGN);
    const { transcript } = await publishTranscript(room, { ...body, heldOut: { ...body.heldOut, after } });
    expect((await verifyTranscript(transcript)).problems.join(' ')).toContain('so much worse');
    const grown = { accuracy: 0.5, loss: 3.5 };
    expect(await problemsOf(({ heldOut }) => ({ heldOut: { ...heldOut, after: grown } }))).toContain('so much worse');
    const best = { accuracy: 0.8, loss: 0.5 };
    expect(await problemsOf(({ heldOut }) => ({ heldOut: { ...heldOut, best } }))).toContain(
      'knows of a better model than that it began with',
    );
    const nothing = { accuracy: 0.5, loss: null };
    expect(await problemsOf(({ heldOut }) => ({ heldOut: { ...heldOut, after: nothing } }))).toContain('so much worse');
    expect(await ofPart(() => ({ kept: false }))).toContain('0 of the opened sums count; 1 had to.');
  });

  it('does not hold where groups turn up in a run that has none', async () => {
    const unopened = [{ group: 2, plan: null, reason: 'too_few_updates' }];
    expect(await problemsOf(() => ({ unopened }))).toContain('There are groups in a run that has none.');
    expect(await problemsOf(({ parts }) => ({ parts: [...parts, ...parts] }))).toContain('There are groups in a run');
  });
});

describe('the record of a round that was opened in groups', () => {
  let room: Awaited<ReturnType<typeof createRoom>>;
  let published: Awaited<ReturnType<typeof publishGroups>>;
  const robust = { rule: 'median', trim: 0.2, gate: true, tolerance: 0.05 } as const;
  beforeAll(async () => {
    room = await createRoom();
    const devices = await devicesOf(room, [0.1, 0.2, 0.3, 0.2, 0.4, 0.3, 0.9, -5, -5, -5]);
    const groups = [devices.slice(0, 3), devices.slice(3, 7), devices.slice(7)];
    published = await publishGroups(room, groups, { rules: { robust }, bad: [3] });
  });

  async function problemsOf(change: (body: RoundBody) => Partial<RoundBody>) {
    const { sums, before: model, body } = published;
    const { transcript } = await publishTranscript(room, { ...body, ...change(body) });
    return (await verifyTranscript(transcript, { sums, model })).problems.join(' ');
  }
  const ofPart = (at: number, change: (part: OpenedPart) => Partial<OpenedPart>) =>
    problemsOf(({ parts }) => ({ parts: parts.with(at, { ...parts[at]!, ...change(parts[at]!) }) }));

  it('holds with one group left out by the gate, and says of which group each check is', async () => {
    const { transcript, sums, before: model } = published;
    const whole = await verifyTranscript(transcript, { sums, model });
    expect(whole.problems).toEqual([]);
    expect(whole.contributors).toBe(10);
    const names = whole.checks.map(({ name }) => name);
    for (const name of ['groups', 'updates of group 1', 'votes of group 3', 'gate and guard', 'means', 'model'])
      expect(names).toContain(name);
    expect(whole.unchecked.join()).not.toContain('the model:');
  });

  it('says what is missing where only some sums are at hand; the sum of a group left out is not missed for the model', async () => {
    const { transcript, sums, before: model } = published;
    const some = await verifyTranscript(transcript, { sums: sums.slice(1), model });
    expect(some.problems).toEqual([]);
    expect(some.unchecked.join()).toContain('the sums: 2 of 3 are at hand');
    expect(some.unchecked.join()).toContain('the model: it takes the opened sums');
    const enough = await verifyTranscript(transcript, { sums: sums.slice(0, 2), model });
    expect(enough.checks.map(({ name }) => name)).toContain('model');
    expect(enough.problems).toEqual([]);
  });

  it('does not hold where a group counts that the gate left out, or the other way round, or was never tried', async () => {
    const rule = 'The groups that count are not those the gate let pass.';
    expect(await ofPart(2, () => ({ kept: true }))).toContain(rule);
    expect(await ofPart(0, () => ({ kept: false }))).toContain(rule);
    expect(await ofPart(2, () => ({ alone: { accuracy: 0.5, loss: 1 } }))).toContain(rule);
    expect(await ofPart(0, () => ({ alone: null }))).toContain('A group was not tried by itself');
    expect(await problemsOf(() => ({ robust: { ...robust, gate: false } }))).toContain(rule);
  });

  it('does not hold with another rule, or a mean of a group that is not that of its sum, even where it does not count', async () => {
    expect(await problemsOf(() => ({ robust: null }))).toContain(
      'The mean of the round is not what the rule makes of the means of its groups.',
    );
    expect(await ofPart(2, () => ({ mean: FOREIGN }))).toContain('recorded of group 3 is not that of its sum');
  });

  it('does not hold with groups that share a device or a key, stand out of order, are too few or none of the run’s', async () => {
    expect(await problemsOf(({ parts }) => ({ parts: [parts[0]!, ...parts] }))).toMatch(
      /ascending order, each once.*A device is in two groups.*one-time key serves two/,
    );
    expect(await problemsOf(({ parts }) => ({ parts: parts.toReversed() }))).toContain('ascending order');
    expect(await problemsOf(() => ({ groups: { count: 2, least: 1 } }))).toContain("none of the run's 2");
    expect(await problemsOf(() => ({ groups: { count: 3, least: 3 } }))).toContain(
      '2 of the opened sums count; 3 had to.',
    );
    const unopened = [{ group: 2, plan: null, reason: 'too_few_updates' }];
    expect(await problemsOf(() => ({ unopened }))).toContain('ascending order, each once');
    expect(await problemsOf(() => ({ groups: null }))).toContain('There are groups in a run that has none.');
  });

  it('does not hold with groups of models of different sizes, and says so', () => {
    const { body } = published;
    const smaller = structuredClone(body.parts[1]!);
    smaller.plan.plan.encoding.ranges[0]!.size -= 2;
    const parts = body.parts.with(1, smaller);
    const opened = parts.map(({ plan: { plan } }) => {
      const coefficients = new Float64Array(coefficientsOf(plan.encoding));
      coefficients[coefficients.length - plan.encoding.metadata.length] = 30;
      return coefficients;
    });
    const problems: string[] = [];
    expect(meanOf({ ...body, parts }, opened, (problem) => problems.push(problem))).toBeUndefined();
    expect(problems).toContain('The groups are not of one model.');
  });

  it('does not hold with a group of another round, though that round is as real', async () => {
    const devices = await devicesOf(room, [0.1, 0.2, 0.3, 0.2, 0.4, 0.3]);
    const other = await publishGroups(room, [devices.slice(0, 3), devices.slice(3)], { round: 2 });
    const foreign = other.body.parts[1]!;
    expect(await problemsOf(({ parts }) => ({ parts: parts.with(1, foreign) }))).toContain(
      'The groups were not asked for the same thing',
    );
  });
});

describe('the record of a round with noise', () => {
  const calibration = calibrate({ noiseMultiplier: 1, delta: 1e-5, contributors: 3 }, 1);
  function noisy(plan: Plan): Plan {
    const wished = { parameters: 10, nMax: 10, lanes: 2, bits: 8, rotation: false, rotationSeed: 1, scale: null };
    const encoding = chooseEncoding(PROFILES, { ...wished, calibration, range: 1, clip: 10, exampleCap: 10 });
    if (isRejection(encoding)) throw new Error(encoding.message);
    return { ...plan, encoding, noise: calibration.noiseFor(encoding) };
  }

  it('holds with groups of equal weight to each contributor, and not with metadata opened beside the noise, or a group without it', async () => {
    const room = await createRoom();
    const devices = await devicesOf(room, [0.1, 0.2, 0.3, 0.2, 0.4, 0.3, 0.9]);
    const groups = [devices.slice(0, 3), devices.slice(3)];
    const { body, transcript, sums, before: model } = await publishGroups(room, groups, { plan: noisy });
    expect(body.parts.map(({ metadata }) => metadata)).toEqual([[], []]);
    const report = await verifyTranscript(transcript, { sums, model });
    expect(report.problems).toEqual([]);
    expect(report.checks.map(({ name }) => name)).toContain('model');
    expect(firstWords(report.unchecked)).toContain('the budget');

    const problemsOf = async (change: (part: OpenedPart) => Partial<OpenedPart>) => {
      const parts = [body.parts[0]!, { ...body.parts[1]!, ...change(body.parts[1]!) }];
      const changed = await publishTranscript(room, { ...body, parts });
      return (await verifyTranscript(changed.transcript, { sums, model })).problems.join(' ');
    };
    expect(await problemsOf(() => ({ metadata: [40] }))).toBe('The opened metadata is not what the transcript says.');
    const silent = ({ plan: { plan, signature } }: OpenedPart) => ({
      plan: { plan: { ...plan, noise: null }, signature },
    });
    expect(await problemsOf(silent)).toMatch(/The groups were not asked for the same thing.*numbers do not fit/);
    const quiet = ({ plan: { plan, signature } }: OpenedPart) => ({
      plan: { plan: { ...plan, minimumCohort: 3, noise: { ...plan.noise!, contributors: 4 } }, signature },
    });
    expect(await problemsOf(quiet)).toContain('it counts on 4 contributors, but a sum of 3 could be opened');
  });
});

describe('the records of several rounds', () => {
  it('hold with what a strategy remembers from one to the next, and not with anything else in its place', async () => {
    const room = await createRoom();
    const rules = {
      strategy: { name: 'FedAdam', eta: 0.1, beta_1: 0.9, beta_2: 0.99, tau: 1e-9 } as const,
    };
    const first = await publishGroups(room, [await devicesOf(room, [0.1, 0.2, 0.3])], { rules });
    const wanted = { round: 2, previous: first.hash, model: first.after, state: first.stateAfter, rules };
    const second = await publishGroups(room, [await devicesOf(room, [0.3, 0.2, 0.1])], wanted);
    const known = { sums: second.sums, model: first.after, state: first.stateAfter!, previous: first.body };
    const report = await verifyTranscript(second.transcript, known);
    expect(report.problems).toEqual([]);
    expect(report.checks.map(({ name }) => name)).toContain('model');

    const { state: _, ...stateless } = known;
    const without = await verifyTranscript(second.transcript, stateless);
    expect(without.checks.map(({ name }) => name)).not.toContain('model');
    expect(without.unchecked.join()).toContain('the model before and what the strategy remembered');

    const zeros = new Float32Array(10);
    const other = encodeStateFile({ strategy: 'FedAdam', steps: 1, m: zeros, v: zeros });
    expect((await verifyTranscript(second.transcript, { ...known, state: other })).problems).toEqual([
      'What is at hand is not what the strategy remembered before the round.',
    ]);
    const problemsOf = async (change: Partial<RoundBody>, previous: TranscriptBody = first.body) => {
      const { transcript } = await publishTranscript(room, { ...second.body, ...change });
      return (await verifyTranscript(transcript, { ...known, previous })).problems.join(' ');
    };
    expect(await problemsOf({ state: { ...second.body.state, before: null } })).toContain(
      'went on from something else',
    );
    const heldOut = { ...second.body.heldOut, before: { accuracy: 0.1, loss: 9 } };
    expect(await problemsOf({ heldOut })).toBe(
      'The results of the model before are others than the previous round published of it.',
    );
    const best = { accuracy: 0.4, loss: 1 };
    expect(await problemsOf({ heldOut: { ...second.body.heldOut, best } })).toBe(
      'The results of the best model are not those that follow from the previous round.',
    );
    expect(await problemsOf({ guard: { mostDrop: 1, mostRise: 2 } })).toBe(
      'The strategy, or the rules about groups, are not those of the previous round.',
    );
    expect(await problemsOf({}, { ...first.body, model: FOREIGN })).toContain('does not follow the previous one');
  });
});

describe('the record of a round from before there were groups', () => {
  it('holds as it did, and not with another model', async () => {
    const room = await createRoom();
    const {
      body,
      transcript,
      sums,
      before: model,
    } = await publishAsOfOld(room, await devicesOf(room, [0.1, 0.2, 0.3]));
    const report = await verifyTranscript(transcript, { sums, model });
    expect(report.problems).toEqual([]);
    expect(report.checks.map(({ name }) => name)).toContain('model');
    const changed = await publishTranscript(room, { ...body, model: FOREIGN });
    expect((await verifyTranscript(changed.transcript, { sums, model })).problems).toEqual([
      'The published model is not the one before plus the opened mean.',
    ]);
  });

  it('holds as a file that was kept since: not a byte of what is hashed or signed has another meaning now', async () => {
    const kept = JSON.parse(readFileSync(new URL('first-transcript.json', import.meta.url), 'utf8'));
    const transcript = Transcript.parse(kept.transcript);
    expect(transcriptHash(transcript.body)).toBe(kept.hash);
    expect(await verifyTranscript(transcript)).toMatchObject({ problems: [], contributors: 3, round: 1 });
  });
});
