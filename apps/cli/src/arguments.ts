import { InvalidArgumentError } from 'commander';

/** Values of options, checked as they are parsed; commander names the option in front of the message. */

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** From 0 up to, but not including, 1. */
export function probability(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value < 1) return value;
  throw new InvalidArgumentError('It must be a number from 0 up to, but not including, 1.');
}

/** A number from `least` to `most`. */
export function numberWithin(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
  };
}

/** “2/5”: the second of five shards. People count from 1, here as on the page; the index counts from 0. */
export function shard(text: string): { readonly index: number; readonly count: number } {
  const [, part, count] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  if (Number(part) >= 1 && Number(part) <= Number(count)) return { index: Number(part) - 1, count: Number(count) };
  throw new InvalidArgumentError('It must be i/n with 1 ≤ i ≤ n, such as 1/5 for the first of five shards.');
}

/** Hexadecimal digits of a 32-byte key. */
export function publicKey(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a public key: 64 hexadecimal digits, lower case.');
}

/** Hexadecimal digits of a device's id, as its ledger and the devices' page show them. */
export function deviceId(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be the id of a device: 64 hexadecimal digits, lower case.');
}

/** Where a coordinator is, and what else its invite link says, if it is one: null for what it leaves out. */
export interface Address {
  readonly origin: string;
  readonly task: string | null;
  /** From # on. */
  readonly invite: string | null;
}

/** An http or https address, or a whole invite link: `ORIGIN/t/TASK#INVITE`. */
export function address(text: string): Address {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol))
    return {
      origin: url.origin,
      task: /^\/t\/([^/]+)\/?$/.exec(url.pathname)?.[1] ?? null,
      invite: url.hash || null,
    };
  throw new InvalidArgumentError('It must be an http or https address, such as http://localhost:8787.');
}

/** An http or https address; what follows its origin is dropped. */
export function origin(text: string): string {
  return address(text).origin;
}
