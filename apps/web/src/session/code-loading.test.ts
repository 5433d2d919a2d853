import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Amount, backendsAhead, loadCode } from './code-loading.ts';

const KNOWN = {
  learning: [
    ['assets/host.js', 1000],
    ['assets/shared.js', 200],
  ],
  wasm: [
    ['assets/wasm.js', 500],
    ['assets/shared.js', 200],
  ],
  sealing: [['assets/seal.wasm', 3000]],
} as const;

/** A server's files, by their path. */
function serve(answer: (path: string) => Response | Promise<Response>) {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path);
    return answer(path);
  });
  return asked;
}

const whole = (path: string) => {
  const bytes = new Map<string, number>(Object.values(KNOWN).flat()).get(path.slice(1));
  return new Response(new Uint8Array(bytes ?? 0));
};

afterEach(() => vi.unstubAllGlobals());

describe('loading the code of the Workers', () => {
  it('tells of every byte that came, of as many as there are, each file once', async () => {
    const asked = serve(whole);
    const told: Amount[] = [];
    await loadCode(['learning', 'wasm'], { known: KNOWN, onProgress: (amount) => told.push(amount) });
    expect(asked.sort()).toEqual(['/assets/host.js', '/assets/shared.js', '/assets/wasm.js']);
    expect(told[0]).toEqual({ done: 0, total: 1700 });
    expect(told.at(-1)).toEqual({ done: 1700, total: 1700 });
  });

  it('tells of a file as it comes, not when it is there', async () => {
    const rest = Promise.withResolvers<void>();
    const half = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(new Uint8Array(1500));
        await rest.promise;
        controller.enqueue(new Uint8Array(1500));
        controller.close();
      },
    });
    serve(() => new Response(half));
    const halfway = Promise.withResolvers<void>();
    const loaded = loadCode(['sealing'], {
      known: KNOWN,
      onProgress: ({ done }) => {
        if (done === 1500) halfway.resolve();
      },
    });
    await halfway.promise;
    rest.resolve();
    await loaded;
  });

  it('leaves to the Worker what a lost network keeps back', async () => {
    serve(async (path) => {
      if (path === '/assets/host.js') throw new TypeError('Failed to fetch');
      return new Response(new ReadableStream({ start: (controller) => controller.error(new TypeError('network')) }));
    });
    const told: Amount[] = [];
    await loadCode(['learning'], { known: KNOWN, onProgress: (amount) => told.push(amount) });
    expect(told).toEqual([{ done: 0, total: 1200 }]);
  });

  it('fails where the server no longer has a file', async () => {
    serve((path) => (path === '/assets/seal.wasm' ? new Response('Not found', { status: 404 }) : whole(path)));
    await expect(loadCode(['learning', 'sealing'], { known: KNOWN })).rejects.toThrow('/assets/seal.wasm');
  });

  it('asks for nothing where the build wrote down nothing', async () => {
    const asked = serve(whole);
    await loadCode(['learning', 'sealing'], { known: {} });
    expect(asked).toEqual([]);
  });
});

describe('the backends ahead', () => {
  it('are the one wished for, else the one found fastest, else all that may be tried', () => {
    expect(backendsAhead('cpu', 'webgl')).toEqual(['cpu']);
    expect(backendsAhead(null, 'webgl')).toEqual(['webgl']);
    expect(backendsAhead(null, null)).toEqual(['webgl', 'wasm']);
    vi.stubGlobal('navigator', { gpu: {} });
    expect(backendsAhead(null, null)).toEqual(['webgpu', 'webgl', 'wasm']);
  });
});
