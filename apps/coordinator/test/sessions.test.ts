import type { HintOf } from '@sotto/protocol/messages';
import { expect, it } from 'vitest';
import { createSessions, type Live } from '../src/desk/sessions.ts';

it('tells a thousand devices without keeping everybody else waiting', async () => {
  const sessions = createSessions();
  const told = new Set<string>();
  for (let i = 0; i < 1000; i++) {
    const device = `${i}`;
    sessions.enter({ device, task: 't', standing: 'admitted', send: () => told.add(device) } as unknown as Live);
  }
  sessions.tellAll('t', 'status', {} as HintOf<'status'>);
  const before: number[] = [];
  while (told.size < 1000) {
    before.push(told.size);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(before.length).toBeGreaterThan(5);
  expect(before[0]).toBeGreaterThan(0);
});
