import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { canonicalJson } from '@sotto/protocol/digest';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Message } from './wire.ts';

/** A line of the ledger that the page lets people keep. */
export interface Row {
  readonly message: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly round: number | null;
}

export async function downloadLedger(page: Page): Promise<Row[]> {
  const button = page.getByRole('button', { name: 'JSON Lines' });
  const [file] = await Promise.all([page.waitForEvent('download'), button.click()]);
  const lines = readFileSync(await file.path(), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Row);
}

/**
 * Everything that was seen leave is listed, with size and digest and in order. What is listed and was not seen was about to leave when the
 * line or the page was gone: somebody introduces themselves anew after it.
 */
export function expectListed(listed: readonly Row[], seen: readonly Message[]): void {
  const unsent = withoutInOrder(listed, seen.map(entryOf));
  for (const at of unsent) expect(listed.slice(at).find((_, i) => !unsent.includes(at + i))?.message).toBe('hello');
  expect(listed.length - unsent.length).toBe(seen.length);
}

function entryOf({ name, payload, bytes }: Message): Omit<Row, 'round'> {
  const whole = Buffer.concat([Buffer.from(canonicalJson(payload)), bytes]);
  return { message: name, bytes: whole.length, sha256: createHash('sha256').update(whole).digest('hex') };
}

/** Where the rows are that are not among `seen`, which must all be there, in order. */
function withoutInOrder(rows: readonly Row[], seen: readonly Omit<Row, 'round'>[]): number[] {
  const extra: number[] = [];
  let next = 0;
  for (const [at, row] of rows.entries()) {
    const { message, bytes, sha256 } = seen[next] ?? {};
    if (row.message === message && row.bytes === bytes && row.sha256 === sha256) next += 1;
    else extra.push(at);
  }
  expect(
    seen[next],
    `the proxy saw message ${next} of ${seen.length}, which the ledger does not list there`,
  ).toBeUndefined();
  return extra;
}
