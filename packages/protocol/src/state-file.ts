import { z } from 'zod';
import { sameBytes } from './bytes.ts';
import { type Rejection, reject } from './rejection.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import { Strategy } from './strategy.ts';

/**
 * What a strategy remembers from one published round to the next: as precise as the weights themselves. As a file it is safetensors of
 * little-endian float32 data, like a model.
 */
export interface StrategyState {
  readonly strategy: Strategy['name'];
  /** Rounds that made it. */
  readonly steps: number;
  /** First moment of the means, d values in model order; null where the strategy has none. */
  readonly m: Float32Array<ArrayBuffer> | null;
  /** Second moment, d values, never negative; null where the strategy has none. */
  readonly v: Float32Array<ArrayBuffer> | null;
}

const MAX_HEADER_BYTES = 4096;

const Entry = z.strictObject({
  dtype: z.literal('F32'),
  shape: z.tuple([z.number().int().min(1)]),
  data_offsets: z.tuple([z.number().int().min(0), z.number().int().min(0)]),
});
const Header = z.strictObject({
  __metadata__: z.strictObject({
    format: z.literal('sotto-state-1'),
    strategy: z.enum(Strategy.options.map((option) => option.shape.name.value)),
    steps: z.string().regex(/^[1-9][0-9]{0,8}$/),
  }),
  m: Entry.optional(),
  v: Entry.optional(),
});

const NAMES = ['m', 'v'] as const;

export function encodeStateFile(state: StrategyState): Uint8Array<ArrayBuffer> {
  const { strategy, steps } = state;
  const header: Record<string, unknown> = {
    __metadata__: { format: 'sotto-state-1', strategy, steps: String(steps) },
  };
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const name of NAMES) {
    const values = state[name];
    if (!values) continue;
    const end = offset + 4 * values.length;
    header[name] = { dtype: 'F32', shape: [values.length], data_offsets: [offset, end] };
    const data = new DataView(new ArrayBuffer(4 * values.length));
    values.forEach((value, i) => {
      data.setFloat32(4 * i, value, true);
    });
    parts.push(new Uint8Array(data.buffer));
    offset = end;
  }
  return writeSafetensors(header, ...parts);
}

/** Strict: every number is finite, no second moment negative, and the file spelled as `encodeStateFile` spells it. */
export function decodeStateFile(bytes: Uint8Array): StrategyState | Rejection<'bad_state_file'> {
  const file = readSafetensors(bytes, Header, MAX_HEADER_BYTES);
  if (typeof file === 'string') return bad(file);
  const { header, data } = file;
  const { strategy, steps } = header.__metadata__;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const read = (name: 'm' | 'v'): Float32Array<ArrayBuffer> | null | string => {
    const entry = header[name];
    if (!entry) return null;
    const [start] = entry.data_offsets;
    if (start + 4 * entry.shape[0] > data.length) return `${name} does not fit into its ${data.length} bytes`;
    const values = Float32Array.from({ length: entry.shape[0] }, (_, i) => view.getFloat32(start + 4 * i, true));
    const least = name === 'v' ? 0 : Number.NEGATIVE_INFINITY;
    return values.every((value) => Number.isFinite(value) && value >= least) ? values : `${name} holds a false number`;
  };
  const m = read('m');
  const v = read('v');
  if (typeof m === 'string') return bad(m);
  if (typeof v === 'string') return bad(v);
  const state = { strategy, steps: Number(steps), m, v };
  return sameBytes(encodeStateFile(state), bytes) ? state : bad('it is not spelled as Sotto spells it');
}

function bad(what: string): Rejection<'bad_state_file'> {
  return reject('bad_state_file', `Not a Sotto optimiser state: ${what}.`);
}
