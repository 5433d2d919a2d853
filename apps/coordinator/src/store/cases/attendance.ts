import { type Case, ensureEqual } from '../../conformance.ts';
import type { Store } from '../store.ts';
import { hex, NOW } from './samples.ts';

const [a, b, c] = [hex('a'), hex('b'), hex('c')];

async function met(store: Store): Promise<void> {
  for (const device of [a, b, c])
    await store.sawDevice({ device, task: 'numbers', key: hex('d'), contributes: true, lastSeen: NOW, about: null });
}

export const attendanceCases: readonly Case<Store>[] = [
  {
    promise: 'adds up how long each device was connected to a task, whatever else is noted of it',
    async run(open) {
      const store = await open();
      await met(store);
      await store.attended('numbers', new Map([a, b].map((device) => [device, 5_000_000_000])));
      await store.attended(
        'numbers',
        new Map([
          [a, 7],
          [c, 11],
        ]),
      );
      await store.attended('letters', new Map([[a, 100]]));
      await met(store);
      ensureEqual(
        await Promise.all([a, b, c, hex('e')].map((device) => store.attendance('numbers', device))),
        [5_000_000_007, 5_000_000_000, 11, 0],
        'attendance',
      );
      await store.close();
    },
  },
  {
    promise: 'knows who was silent for rounds in a row, until it is heard again',
    async run(open) {
      const store = await open();
      await met(store);
      await store.heard('numbers', [a], [b, c]);
      await store.heard('numbers', [], [b, c]);
      await store.heard('numbers', [c], [b]);
      ensureEqual([...(await store.silentDevices('numbers', 2))], [b], 'silent devices');
      ensureEqual([...(await store.silentDevices('letters', 2))], [], 'silent devices of another task');
      await store.heard('numbers', [a, b], []);
      ensureEqual([...(await store.silentDevices('numbers', 1))], [], 'silent devices');
      ensureEqual(
        (await store.devices()).map(({ failed }) => failed),
        [0, 3, 2],
        'rounds each was not heard in',
      );
      await store.close();
    },
  },
];
