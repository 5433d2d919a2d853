import { type Case, ensureEqual } from '../../conformance.ts';
import type { Store } from '../store.ts';
import { hex } from './samples.ts';

export const deviceNameCases: readonly Case<Store>[] = [
  {
    promise: 'keeps the last name and owner of a device, and none once both are empty',
    async run(open) {
      const store = await open();
      await store.nameDevice(hex('a'), { name: 'tablet', owner: '' });
      await store.nameDevice(hex('a'), { name: 'ward 3', owner: 'Ada' });
      await store.nameDevice(hex('b'), { name: '', owner: 'Ben' });
      await store.nameDevice(hex('b'), { name: '', owner: '' });
      ensureEqual([...(await store.deviceNames())], [[hex('a'), { name: 'ward 3', owner: 'Ada' }]], 'names');
      await store.close();
    },
  },
];
