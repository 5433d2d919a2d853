import { type Case, ensure, ensureEqual } from '../../conformance.ts';
import type { Store } from '../store.ts';
import { hex, NOW, outcome, run, whole } from './samples.ts';

export const deviceRecordCases: readonly Case<Store>[] = [
  {
    promise: 'counts for each device how often it was asked and how often it contributed',
    async run(open) {
      const store = await open();
      const device = {
        device: hex('a'),
        task: 'numbers',
        key: hex('d'),
        contributes: true,
        lastSeen: NOW,
        about: null,
      };
      await store.sawDevice(device);
      await store.addRun(run);
      await store.addRound(run.run, run.task, 1, whole);
      await store.conclude({ run: run.run, round: 1, outcome, entries: [], contributors: [hex('a')] });
      await store.sawDevice({ ...device, contributes: false, lastSeen: NOW + 1 });
      const [found] = await store.devices();
      ensure(found, 'the device is gone');
      ensureEqual(await store.devices('letters'), [], 'of another task');
      const { asked, contributed, contributes, lastSeen } = found;
      ensureEqual(
        { asked, contributed, contributes, lastSeen },
        { asked: 1, contributed: 1, contributes: false, lastSeen: NOW + 1 },
        'device',
      );
      await store.close();
    },
  },
  {
    promise: 'keeps what a device said of itself last, whether or not it says so again',
    async run(open) {
      const store = await open();
      const device = { device: hex('a'), task: 'numbers', key: hex('d'), contributes: true, lastSeen: NOW };
      const about = { platform: 'Linux', agent: 'Node 24', backend: null, version: '0.1.0' };
      await store.sawDevice({ ...device, about });
      await store.sawDevice({ ...device, about: { ...about, backend: 'wasm' } });
      await store.sawDevice({ ...device, about: null });
      ensureEqual((await store.devices())[0]?.about, { ...about, backend: 'wasm' }, 'about');
      await store.close();
    },
  },
];
