import type { TranscriptBody } from '@sotto/protocol/transcript';
import { beforeAll, expect, it } from 'vitest';
import { verifyTranscript } from '../src/transcript-check.ts';
import { publishRound, publishTranscript } from './published.ts';
import { createRoom } from './room.ts';

let room: Awaited<ReturnType<typeof createRoom>>;
let published: Awaited<ReturnType<typeof publishRound>>;
beforeAll(async () => {
  room = await createRoom();
  const devices = await Promise.all([0.1, 0.2, 0.3].map((delta) => room.device({ delta })));
  published = await publishRound(room, devices);
});

async function problemsOf(change: (body: TranscriptBody) => Partial<TranscriptBody>) {
  const { sum, before: model, body } = published;
  const { transcript } = await publishTranscript(room, { ...body, ...change(body) });
  return (await verifyTranscript(transcript, { sum, model })).problems.join(' ');
}

it('an honest round holds, and the report says what was not at hand to check', async () => {
  const { transcript, sum, before: model } = published;
  const alone = await verifyTranscript(transcript);
  expect(alone.problems).toEqual([]);
  expect(alone.unchecked.map((what) => what.split(':')[0])).toEqual([
    'the committee',
    'the sum',
    'the addition',
    'the model',
  ]);
  const whole = await verifyTranscript(transcript, { sum, model });
  expect(whole.problems).toEqual([]);
  expect(whole.checks.map(({ name }) => name)).toContain('model');
  expect(whole.unchecked.map((what) => what.split(':')[0])).toEqual(['the committee', 'the addition']);
});

it('a model that is not the one before plus the opened mean is found out, and so is another model before', async () => {
  expect(await problemsOf(() => ({ model: 'f'.repeat(64) }))).toBe(
    'The published model is not the one before plus the opened mean.',
  );
  const { transcript, sum, before } = published;
  const { problems } = await verifyTranscript(transcript, {
    sum,
    model: before.with(-1, 1),
  });
  expect(problems).toEqual(['The model at hand is not the one the round started from.']);
});

it('a member listed twice among answers, votes or openings is a problem, whatever it says the second time', async () => {
  const { answers, votes, openings } = published.body;
  expect(await problemsOf(() => ({ answers: [...answers, answers[0]!] }))).toContain('answer too many for place');
  expect(await problemsOf(() => ({ votes: [...votes, votes[1]!] }))).toContain('more than one vote');
  expect(await problemsOf(() => ({ openings: [...openings, openings[2]!] }))).toContain('more than one opening');
  // A worthless one in front does not make room for it.
  const worthless = { ...answers[0]!, signature: '0'.repeat(128) };
  expect(await problemsOf(() => ({ answers: [worthless, ...answers] }))).toContain('answer too many for place');
});
