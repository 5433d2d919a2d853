import { epsilonOf } from '@sotto/fl-core/privacy/accountant';
import { calibrate } from '@sotto/fl-core/privacy/calibration';
import { costOf, exposureOf } from '@sotto/fl-core/privacy/noise';
import { gaussianRdp, sampledGaussianRdp, skellamRdp } from '@sotto/fl-core/privacy/rdp';
import { sensitivityOf } from '@sotto/fl-core/privacy/sensitivity';
import { PrivacyGoal } from '@sotto/protocol/privacy';
import { z } from 'zod';
import {
  type CaseResult,
  compare,
  compareNote,
  createFieldReader,
  FormatError,
  isFields,
  runCase,
  runCases,
} from './vector-file.ts';

/** Significant digits of the numbers of the file. */
const DIGITS = 10;

const Mechanism = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('constant'), rdp: z.number() }),
  z.strictObject({
    name: z.literal('gaussian'),
    noiseMultiplier: z.number().positive(),
    samplingProbability: z
      .tuple([z.number().int().min(1), z.number().int().min(1)])
      .refine(([part, all]) => part <= all),
  }),
  z.strictObject({
    name: z.literal('skellam'),
    l1: z.number().positive(),
    l2Squared: z.number().positive(),
    variance: z.number().positive(),
  }),
]);

const Accounted = z.object({
  mechanism: Mechanism,
  rounds: z.number().int().min(1),
  orders: z
    .object({ first: z.number().int().min(2), last: z.number().int().max(256) })
    .refine(({ first, last }) => first <= last),
  delta: z.number().positive().lt(1),
  reference: z.object({ of: z.enum(['rdp', 'epsilon']), value: z.string() }).nullable(),
});

const Calibrated = z.object({
  goal: PrivacyGoal,
  rounds: z.number().int().min(1),
  encoding: z.object({
    profile: z.string(),
    nMax: z.number().int().min(1),
    lanes: z.number().int().min(1).max(8),
    parameters: z.number().int().min(1),
    clip: z.number().positive(),
    range: z.number().positive(),
  }),
});

/** Recomputes accountant.json: costs and the ε they add up to, and the levels and the noise that a goal comes to. */
export async function verifyAccountant(vector: unknown): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  const file = await runCase('accountant', async () => {
    const reader = createFieldReader(vector);
    const note = reader.text('note');
    const listed = reader.list('cases');
    results.push(
      ...(await runCases('accountant', listed, async (found) =>
        compare(found, isFields(found) && 'goal' in found ? recalibrate(found) : recount(found)),
      )),
    );
    return [...compareNote(note, []), ...compare(vector, { note, cases: listed })];
  });
  return [file, ...results];
}

function recount(found: unknown): unknown {
  const { mechanism, rounds, orders, delta, reference } = read(Accounted, found);
  const list = Array.from({ length: orders.last - orders.first + 1 }, (_, i) => orders.first + i);
  const rdp = list.map((alpha) => rounds * rdpOf(mechanism, alpha));
  const epsilon = epsilonOf(rdp, delta, list);
  return {
    mechanism,
    rounds,
    orders,
    delta,
    rdp: [written(rdp[0]!), written(rdp.at(-1)!)],
    epsilon: written(epsilon),
    // As many digits as the other implementation printed.
    reference: reference && {
      of: reference.of,
      value: (reference.of === 'rdp' ? rdp[0]! : epsilon).toPrecision(
        Math.min(DIGITS + 2, Math.max(1, reference.value.replace('.', '').replace(/^0+/, '').length)),
      ),
    },
  };
}

function rdpOf(mechanism: z.infer<typeof Mechanism>, alpha: number): number {
  if (mechanism.name === 'constant') return mechanism.rdp;
  if (mechanism.name === 'skellam') return skellamRdp(alpha, mechanism, mechanism.variance);
  const { noiseMultiplier, samplingProbability } = mechanism;
  const [part, all] = samplingProbability;
  return part === all ? gaussianRdp(alpha, noiseMultiplier) : sampledGaussianRdp(alpha, noiseMultiplier, part / all);
}

function recalibrate(found: unknown): unknown {
  const { goal, rounds, encoding } = read(Calibrated, found);
  const { log2t } = createFieldReader(found).within('encoding').profile('profile');
  const { nMax, lanes, parameters, clip, range } = encoding;
  const ranges = [{ size: parameters, range }];
  const { mostLambda, noiseFor } = calibrate(goal, rounds);
  const lambda = mostLambda({ nMax, lanes, clip, rangesAt: () => ranges }, log2t);
  if (lambda < 1) throw new FormatError('encoding leaves no room for the noise of its goal');
  const scale = { lambda, clip, ranges };
  const noise = noiseFor(scale);
  const { l1, l2Squared } = sensitivityOf(scale);
  return {
    goal,
    rounds,
    encoding,
    lambda,
    variance: noise.variance,
    l1: written(l1),
    l2Squared: written(l2Squared),
    epsilon: written(
      epsilonOf(
        costOf(exposureOf(scale, noise)).map((cost) => rounds * cost),
        goal.delta,
      ),
    ),
  };
}

function read<T>(schema: z.ZodType<T>, found: unknown): T {
  const parsed = schema.safeParse(found);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new FormatError(`${issue?.path.join('.') || 'it'}: ${issue?.message}`);
}

function written(value: number): string {
  return value.toPrecision(DIGITS);
}
