import type { RunSummary } from '@sotto/protocol/run';
import { crc32c } from './crc32c.ts';
import { initialScalars, roundScalars, type Scalar } from './scalars.ts';

/**
 * TensorBoard's event files: TFRecords of `tensorflow.Event` messages. A record is u64 LE length ‖ mask(crc32c(length)) ‖ data ‖
 * mask(crc32c(data)), with mask(x) = (x >>> 15 | x << 17) + 0xa282ead8 mod 2³². Messages are protocol buffers, their fields in order.
 */
const FILE_VERSION = 'brain.Event:2';

/** A run's curves, from its first model to its last round. */
export function runAsEvents(run: RunSummary): Uint8Array<ArrayBuffer> {
  return eventFile(run.startedAt, [...initialScalars(run), ...run.rounds.flatMap(roundScalars)]);
}

/** As TensorBoard wants its files to be called, in a folder for the run. */
export function eventFileName({ run, startedAt }: Pick<RunSummary, 'run' | 'startedAt'>): string {
  return `events.out.tfevents.${Math.floor(startedAt / 1000)}.${run}`;
}

/** An event file of scalars, begun at `at`; times in milliseconds since 1970. Values become float32. */
export function eventFile(at: number, scalars: readonly Scalar[]): Uint8Array<ArrayBuffer> {
  const version = event(at, 0, text(3, FILE_VERSION));
  return joined([version, ...scalars.map((scalar) => event(scalar.at, scalar.step, summary(scalar)))].map(record));
}

function record(data: Uint8Array): Uint8Array {
  const framed = new Uint8Array(16 + data.length);
  const view = new DataView(framed.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(framed.subarray(0, 8)), true);
  framed.set(data, 12);
  view.setUint32(12 + data.length, masked(data), true);
  return framed;
}

function masked(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** Event { 1: wall_time, seconds; 2: step; then `what` }. A step of 0 is not written, as proto3 has it. */
function event(at: number, step: number, what: Uint8Array): Uint8Array {
  const time = new Uint8Array(9);
  time[0] = key(1, 1);
  new DataView(time.buffer).setFloat64(1, at / 1000, true);
  return joined([time, step === 0 ? [] : [key(2, 0), ...varint(step)], what]);
}

/** Event.summary: { 1: value { 1: tag, 2: simple_value } }. */
function summary({ tag, value }: Scalar): Uint8Array {
  const number = new Uint8Array(5);
  number[0] = key(2, 5);
  new DataView(number.buffer).setFloat32(1, value, true);
  return nested(5, nested(1, joined([text(1, tag), number])));
}

function key(field: number, wire: 0 | 1 | 2 | 5): number {
  return (field << 3) | wire;
}

function text(field: number, content: string): Uint8Array {
  return nested(field, Buffer.from(content));
}

function nested(field: number, content: Uint8Array): Uint8Array {
  return joined([[key(field, 2), ...varint(content.length)], content]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 128);
  }
}

function joined(parts: readonly (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
