import { createHash } from 'node:crypto';
import { decodeMeanFile } from '@sotto/protocol/mean-file';
import { decodeModelFile, encodeModelFile } from '@sotto/protocol/model-file';
import { coefficientsOf, type Encoding } from '@sotto/protocol/plan';
import { isRejection } from '@sotto/protocol/rejection';
import type { UpdateRecord } from '@sotto/protocol/update-record';
import type { Blobs } from '../blobs/blobs.ts';
import { type Case, ensure, ensureEqual } from '../conformance.ts';
import type { Engine, OpenRequest, Upload } from './engine.ts';
import { writeMean } from './model-jobs.ts';
import { MODELS, meanBlob, modelBlob } from './upload-layout.ts';

/** One sealed round, made by whoever runs these cases: the coordinator has no code that seals. */
export interface SealedRound {
  readonly planHash: string;
  readonly encoding: Encoding;
  readonly threshold: number;
  readonly uploads: readonly {
    readonly bytes: Uint8Array;
    readonly record: Pick<UpdateRecord, 'ciphertext' | 'boxes'>;
  }[];
  /** Of each place, over all uploads. */
  readonly openings: readonly (readonly [number, Uint8Array])[];
  /** Check answers of each place about all uploads. */
  readonly answers: readonly (readonly [number, Uint8Array])[];
  /** Σ levels over all uploads. */
  readonly levels: readonly number[];
  readonly examples: number;
}

export interface EngineAndBlobs {
  readonly engine: Engine;
  readonly blobs: Blobs;
}

/** What every engine promises, on a round that `seal` makes. */
export function engineCases(seal: () => Promise<SealedRound>): Case<EngineAndBlobs>[] {
  async function lay({ engine, blobs }: EngineAndBlobs) {
    const round = await seal();
    for (const [i, { bytes }] of round.uploads.entries()) await blobs.write(`uploads/p/${i}`, bytes);
    const { encoding } = round;
    const shape = { profile: encoding.profile, coefficients: coefficientsOf(encoding) };
    const upload = (i: number): Upload => ({ ...shape, blob: `uploads/p/${i}`, record: round.uploads[i]!.record });
    const names = round.uploads.map((_, i) => `uploads/p/${i}`);
    const sum = (blobNames: readonly string[] = names) =>
      engine.sum({ ...shape, blobs: blobNames, into: 'uploads/p/sum' });
    const request: OpenRequest = {
      planHash: round.planHash,
      encoding,
      threshold: round.threshold,
      contributors: round.uploads.length,
      sum: 'uploads/p/sum',
      openings: round.openings,
      wantsLevels: true,
    };
    return { round, upload, sum, request, names };
  }
  const closing = (run: (given: EngineAndBlobs) => Promise<void>) => async (open: () => Promise<EngineAndBlobs>) => {
    const given = await open();
    try {
      await run(given);
    } finally {
      await given.engine.close();
    }
  };

  return [
    {
      promise: 'takes an upload as it was signed, and refuses a flipped bit, a missing byte and a missing blob',
      run: closing(async (given) => {
        const { round, upload } = await lay(given);
        ensureEqual(await given.engine.verify(upload(0)), undefined, 'the honest upload');
        const { bytes } = round.uploads[0]!;
        for (const at of [0, bytes.length - 1]) {
          const damaged = bytes.slice();
          damaged[at]! ^= 1;
          await given.blobs.write('uploads/p/0', damaged);
          ensureEqual((await given.engine.verify(upload(0)))?.rejected, 'upload_damaged', `byte ${at} flipped`);
        }
        await given.blobs.write('uploads/p/0', bytes.subarray(1));
        ensureEqual((await given.engine.verify(upload(0)))?.rejected, 'upload_damaged', 'a byte less');
        await given.blobs.remove('uploads/p/0');
        ensureEqual((await given.engine.verify(upload(0)))?.rejected, 'upload_damaged', 'no blob');
      }),
    },
    {
      promise: 'sums to the same bytes in any order and again, and keeps the sum',
      run: closing(async (given) => {
        const { sum, names } = await lay(given);
        const hash = await sum();
        ensure(typeof hash === 'string', 'the sum was refused');
        const packed = await given.blobs.read('uploads/p/sum');
        ensureEqual(await sum(names.toReversed()), hash, 'the other order');
        ensureEqual(await given.blobs.read('uploads/p/sum'), packed, 'the stored sum');
      }),
    },
    {
      promise: 'opens the exact sum of levels and examples, and their mean',
      run: closing(async (given) => {
        const { round, sum, request } = await lay(given);
        await sum();
        const opened = await given.engine.open(request);
        if (isRejection(opened)) throw new Error(opened.message);
        ensureEqual(Array.from(opened.levels ?? []), round.levels, 'levels');
        ensureEqual(opened.metadata[0], round.examples, 'examples');
        ensureEqual(opened.blamed, [], 'blamed');
        const mean = await readMean(given.blobs, opened.mean);
        const scale = (round.encoding.exampleCap * round.encoding.ranges[0]!.range) / round.encoding.lambda;
        for (const [i, value] of mean.entries())
          ensure(Math.abs(value - (round.levels[i]! * scale) / round.examples) < 1e-12, `value ${i} is ${value}`);
        const unseen = await given.engine.open({ ...request, wantsLevels: false });
        ensure(!isRejection(unseen) && unseen.levels === null, 'levels were handed out unasked');
      }),
    },
    {
      promise: 'opens nothing with a false opening, for another plan, or for another number of contributors',
      run: closing(async (given) => {
        const { round, sum, request } = await lay(given);
        await sum();
        const [[x, first], ...rest] = round.openings as [readonly [number, Uint8Array], ...typeof round.openings];
        const wrong = first.slice();
        wrong[0]! ^= 1;
        const few: OpenRequest['openings'] = [[x, wrong], ...rest].slice(0, round.threshold) as OpenRequest['openings'];
        ensureEqual(codeOf(await given.engine.open({ ...request, openings: few })), 'key_refused', 'a false opening');
        const other = await given.engine.open({ ...request, planHash: 'ab'.repeat(32) });
        ensureEqual(codeOf(other), 'key_refused', 'another plan');
        const more = await given.engine.open({ ...request, openings: round.openings.slice(1, round.threshold) });
        ensureEqual(codeOf(more), 'openings_few', 'too few openings');
      }),
    },
    {
      promise: 'finds the openings that fit together, and the one that does not',
      run: closing(async (given) => {
        const { round, sum, request } = await lay(given);
        await sum();
        ensure(round.openings.length >= round.threshold + 2, 'the round has too few openings for this case');
        const openings = round.openings.map(([x, bytes]) => {
          const changed = bytes.slice();
          if (x === 1) changed[0]! ^= 1;
          return [x, changed] as const;
        });
        const opened = await given.engine.open({ ...request, openings });
        if (isRejection(opened)) throw new Error(opened.message);
        ensureEqual(opened.blamed, [1], 'blamed');
        ensureEqual(Array.from(opened.levels ?? []), round.levels, 'levels');
      }),
    },
    {
      promise: 'takes of one mean itself, of several each by its weight, or what the rule of the run makes of them',
      run: closing(async ({ engine, blobs }) => {
        const [one, other] = await layMeans(blobs, [1, -2, 0.5], [5, 2, 0.5]);
        const plain = { robust: null, clip: 100 };
        ensureEqual(
          (await engine.combine({ means: [one!], weights: [7], ...plain })).mean,
          one,
          'the mean of one part',
        );
        const both = { means: [one!, other!], weights: [30, 10], ...plain };
        const combined = await engine.combine(both);
        ensureEqual(await readMean(blobs, combined.mean), [2, -1, 0.5], 'the mean of two parts');
        ensureEqual(await engine.combine(both), combined, 'the same again');
        const median = await engine.combine({ ...both, robust: { rule: 'median', trim: 0 } });
        ensureEqual(await readMean(blobs, median.mean), [3, 0, 0.5], 'the median of two parts');
      }),
    },
    {
      promise: 'steps from model, mean and state to the next ones, to the same bytes again, and by no more than C',
      run: closing(async ({ engine, blobs }) => {
        const first = encodeModelFile({
          topology: '{}',
          tensors: [{ name: 'w', shape: [3] }],
          weights: new Float32Array([1, 1, 1]),
        });
        const model = createHash('sha256').update(first).digest('hex');
        await blobs.write(modelBlob(model), first);
        const [mean] = await layMeans(blobs, [0.5, -0.25, 0]);
        const weightsOf = async (hash: string) => {
          const file = decodeModelFile((await blobs.read(modelBlob(hash)))!);
          if (isRejection(file)) throw new Error(file.message);
          return Array.from(file.weights);
        };
        const plain = {
          model,
          models: MODELS,
          mean: mean!,
          strategy: { name: 'FedAvg' },
          state: null,
          clip: 10,
        } as const;
        const averaged = await engine.step(plain);
        ensureEqual([await weightsOf(averaged.model), averaged.state], [[1.5, 0.75, 1], null], 'FedAvg');
        ensure(Math.abs(averaged.norm - Math.hypot(0.5, 0.25)) < 1e-12, `a norm of ${averaged.norm}`);
        const peak = Number((0.5 / Math.hypot(0.5, 0.25)).toPrecision(4));
        ensureEqual(averaged.peaks, [{ size: 3, peak }], 'its largest coordinate');
        const bounded = await engine.step({ ...plain, clip: Math.hypot(0.5, 0.25) / 2 });
        ensureEqual(await weightsOf(bounded.model), [1.25, 0.875, 1], 'a step longer than C');

        const strategy = { name: 'FedAvgM', server_learning_rate: 1, server_momentum: 0.5 } as const;
        const second = await engine.step({ ...plain, strategy });
        const request = { ...plain, strategy, model: second.model, state: second.state };
        const third = await engine.step(request);
        ensureEqual(await weightsOf(third.model), [2.25, 0.375, 1], 'the second step with momentum');
        ensure(third.state !== null && third.state !== second.state, 'momentum is kept from round to round');
        ensureEqual(await engine.step(request), third, 'the same again');
      }),
    },
    {
      promise: 'judges check answers, and refuses malformed ones',
      run: closing(async ({ engine }) => {
        const { threshold, answers, uploads } = await seal();
        const request = { threshold, candidates: uploads.length, answers };
        ensureEqual(await engine.judge(request), { kind: 'judged', dropped: [], steppedAside: [] }, 'honest answers');
        ensureEqual(codeOf(await engine.judge({ ...request, candidates: 1 })), 'answer_length', 'too long an answer');
        const few = await engine.judge({ ...request, answers: answers.slice(1, threshold) });
        ensureEqual(few, { kind: 'abandon', reason: 'few_answers' }, 'too few answers');
      }),
    },
    {
      promise: 'works on several requests at once',
      run: closing(async (given) => {
        const { upload, sum, names } = await lay(given);
        const verdicts = await Promise.all(
          [...names, ...names].map((_, i) => given.engine.verify(upload(i % names.length))),
        );
        ensureEqual(
          verdicts,
          verdicts.map(() => undefined),
          'verdicts',
        );
        const [a, b] = await Promise.all([sum(), sum()]);
        ensureEqual(a, b, 'two sums at once');
      }),
    },
  ];
}

async function layMeans(blobs: Blobs, ...means: readonly (readonly number[])[]): Promise<string[]> {
  return Promise.all(means.map((mean) => writeMean(blobs, Float64Array.from(mean))));
}

async function readMean(blobs: Blobs, hash: string): Promise<number[]> {
  const mean = decodeMeanFile((await blobs.read(meanBlob(hash)))!);
  if (isRejection(mean)) throw new Error(mean.message);
  return Array.from(mean);
}

function codeOf(answer: unknown): string {
  return isRejection(answer) ? answer.rejected : 'accepted';
}
