import type { RunRequest } from '../../../src/rounds/run-request.ts';
import type { Script } from '../script.ts';

/** The last device goes while it learns, is given up, and comes back before the round is over. */
export function absence(): Script {
  const back = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  return {
    async act({ devices, until }) {
      const absent = devices.at(-1)!;
      // All the others are counted: only time can end the waiting.
      await until(() => (absent.participant().state().status?.contributors ?? 0) > 2);
      await absent.participant().leave();
      gone.resolve();
      await until(() => ['opening', 'publishing'].includes(devices[0]!.participant().state().status?.phase ?? ''));
      await absent.participant().join();
      await until(() => absent.participant().state().connection === 'connected');
      back.resolve();
    },
    beforeLearning: async (device) => (device === 3 ? gone.promise : undefined),
    sealing: (_device, honest) => ({
      ...honest,
      async open(shares) {
        await back.promise;
        return honest.open(shares);
      },
    }),
  };
}

/** The first device takes its update back before all are there. */
export function withdrawal(): Script {
  const back = Promise.withResolvers<void>();
  return {
    async act({ devices, until }) {
      const [first] = devices;
      await until(() => first!.participant().state().phase === 'sent');
      await until(async () => {
        await first!.participant().withdraw();
        return first!.participant().state().satOut === 'withdrawn';
      });
      back.resolve();
    },
    beforeLearning: async (device) => (device === 3 ? back.promise : undefined),
  };
}

/** One member opens something else than the sum of its shares, before the others open at all. */
export function liar(): Script {
  const lied = Promise.withResolvers<void>();
  return {
    sealing: (device, honest) => ({
      ...honest,
      async open(shares) {
        if (device !== 0) await lied.promise;
        const opening = await honest.open(shares);
        if (device === 0 && opening instanceof Uint8Array) opening[0]! ^= 1;
        // Time for it to arrive first.
        if (device === 0) setTimeout(lied.resolve, 100);
        return opening;
      },
    }),
  };
}

/** An admin pauses the run while updates come in, resumes it, stops it, and starts another. */
export function stopped(next: RunRequest): Script {
  const over = Promise.withResolvers<void>();
  return {
    async act({ until, runs, acknowledged, admin }) {
      await until(() => acknowledged() > 0);
      const [first] = Object.keys(runs());
      for (const [action, state] of [
        ['pause', 'paused'],
        ['resume', 'running'],
        ['stop', 'stopped'],
      ] as const)
        await until(async () => {
          if (runs()[first!] === state) return true;
          await admin.ask('POST', `/api/admin/runs/${first}/${action}`);
          return false;
        });
      over.resolve();
      await until(async () => {
        if (Object.keys(runs()).length > 1) return true;
        await admin.ask('POST', '/api/admin/runs', next);
        return false;
      });
      await until(async () => {
        await admin.signOut();
        return true;
      });
    },
    beforeLearning: async (device) => (device === 3 ? over.promise : undefined),
  };
}
