import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunSummary } from '@sotto/protocol/run';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Clock, systemClock } from '../../src/clock.ts';
import { createLog } from '../../src/log.ts';
import { createMirror } from '../../src/metrics-out/mirror.ts';
import { createMlflow } from '../../src/metrics-out/mlflow.ts';
import { mlflowServer } from '../../src/metrics-out/mlflow-address.ts';
import type { Runs } from '../../src/rounds/runs.ts';
import { createMockClock } from '../mock-clock.ts';
import { startMlflow } from './mlflow-server.ts';
import { abandonedRound, publishedRound, runOf } from './runs.ts';

let server: Awaited<ReturnType<typeof startMlflow>>;
beforeEach(async () => {
  server = await startMlflow();
});
afterEach(() => server.close());

const connect = () => createMlflow(mlflowServer(server.url)!);
const curve = (tag: string, run = server.runs[0]!) =>
  [...run.metrics.values()].filter(({ key }) => key === tag).map(({ step, value }) => [step, value]);

describe('a run at MLflow', () => {
  it('has its settings as parameters and its numbers as metrics by round, in the experiment of its task', async () => {
    await connect().send(runOf([publishedRound(1), abandonedRound(2, 'too_few')]));
    expect([...server.experiments.keys()]).toEqual(['sotto/numbers']);
    const [run] = server.runs;
    expect(run).toMatchObject({ name: 'numbers-0a1b2c3d', status: 'RUNNING', end: null });
    expect(Object.fromEntries(run!.params)).toMatchObject({
      'strategy.name': 'FedAvgM',
      'strategy.server_momentum': '0.9',
      rounds: '10',
      groups: 'null',
    });
    expect(curve('test/accuracy')).toEqual([
      [0, 0.1],
      [1, 0.51],
    ]);
    expect(curve('round/abandoned')).toEqual([
      [1, 0],
      [2, 1],
    ]);
  });

  it('is told only what is new, and is the same when all of it is told again', async () => {
    await connect().send(runOf([publishedRound(1)]));
    const before = server.calls.length;
    await connect().send(runOf([publishedRound(1)]));
    expect(server.calls.slice(before)).toEqual(['experiments/get-by-name', 'runs/search']);
    await connect().send(runOf([publishedRound(1), publishedRound(2)], { state: 'finished' }));
    expect(server.runs).toHaveLength(1);
    expect(server.runs[0]).toMatchObject({ status: 'FINISHED', end: publishedRound(2).endedAt });
    const metrics = server.runs[0]!.metrics.size;
    server.runs[0]!.tags.set('sotto.rounds', '0');
    await connect().send(runOf([publishedRound(1), publishedRound(2)], { state: 'finished' }));
    expect(server.runs[0]!.metrics.size).toBe(metrics);
  });

  it('of many rounds is sent in batches as large as MLflow takes', async () => {
    const rounds = Array.from({ length: 500 }, (_, i) => publishedRound(i + 1));
    await connect().send(runOf(rounds, { state: 'stopped' }));
    expect(curve('test/loss')).toHaveLength(501);
    expect(server.runs[0]).toMatchObject({ status: 'KILLED' });
    expect(server.calls.filter((call) => call === 'runs/log-batch').length).toBeLessThan(10);
  });

  it('is refused for good or for now, with the server and the reason and without the password', async () => {
    server.trouble.left = 1;
    await expect(connect().send(runOf([]))).rejects.toMatchObject({ forNow: true });
    const secret = mlflowServer(server.url.replace('//', '//ada:s%20cret@'))!;
    await expect(createMlflow(secret).send(runOf([]))).rejects.toMatchObject({
      forNow: false,
      message: expect.stringMatching(
        /^MLflow at http:\/\/127\.0\.0\.1:\d+ refuses .*HTTP 401.*password, or the token\.$/,
      ),
    });
    server.trouble.authorization = `Basic ${btoa('ada:s cret')}`;
    await createMlflow(secret).send(runOf([]));
    server.trouble.authorization = 'Bearer token';
    await createMlflow(mlflowServer(server.url, 'token')!).send(runOf([]));
    await server.close();
    await expect(connect().send(runOf([]))).rejects.toMatchObject({
      forNow: true,
      message: expect.stringContaining(' does not answer ('),
    });
  });

  it.each(['ftp://x', 'nowhere', 'http://x/?a=1', 'http://x/#a'])('%s is no address of one', (address) => {
    expect(mlflowServer(address)).toBeUndefined();
  });
});

describe('the mirror', () => {
  const quiet = createLog('silent');

  function createFakeRuns(first: RunSummary) {
    let summary = first;
    const listeners = new Set<Parameters<Runs['onChange']>[0]>();
    return {
      list: () => [summary],
      get: (name: string) => (name === summary.run ? summary : undefined),
      onChange(listener: Parameters<Runs['onChange']>[0]) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      become(next: RunSummary) {
        summary = next;
        for (const listener of listeners) listener(next.task, 'runs');
      },
    };
  }

  it('tells of what there is at the start, and of each round and end as they come', async () => {
    const runs = createFakeRuns(runOf([publishedRound(1)]));
    const mirror = createMirror(connect(), { runs, clock: systemClock, log: quiet });
    await vi.waitFor(() => expect(curve('test/accuracy')).toHaveLength(2));
    runs.become(runOf([publishedRound(1), publishedRound(2)]));
    runs.become(runOf([publishedRound(1), publishedRound(2)], { state: 'finished' }));
    await vi.waitFor(() => expect(server.runs[0]).toMatchObject({ status: 'FINISHED' }));
    expect(curve('test/accuracy')).toHaveLength(3);
    await vi.waitFor(() => expect(mirror.pending()).toBe(0));
    mirror.close();
  });

  it('waits for a server that is away, longer each time, and loses nothing of what happens meanwhile', async () => {
    server.trouble.left = 3;
    const mock = createMockClock();
    let armed = 0;
    const clock: Clock = {
      now: mock.now,
      at(time, ring) {
        armed += 1;
        return mock.at(time, ring);
      },
    };
    const runs = createFakeRuns(runOf([]));
    const mirror = createMirror(connect(), { runs, clock, log: quiet });
    for (const [tries, ms] of [
      [1, 1000],
      [2, 2000],
      [3, 4000],
    ] as const) {
      await vi.waitFor(() => expect(armed).toBe(tries));
      runs.become(runOf(Array.from({ length: tries }, (_, i) => publishedRound(i + 1))));
      mock.advance(ms - 1);
      expect(server.calls).toHaveLength(tries);
      mock.advance(1);
    }
    await vi.waitFor(() => expect(curve('test/accuracy')).toHaveLength(4));
    await vi.waitFor(() => expect(mirror.pending()).toBe(0));
    mirror.close();
  });

  it('waits for no answer once it is closed, and says nothing of it', async () => {
    const hanging = createServer(() => {});
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
    const asked = once(hanging, 'request');
    const { port } = hanging.address() as AddressInfo;
    const said: string[] = [];
    const log = createLog('trace', { write: (line) => void said.push(line) });
    const mlflow = createMlflow(mlflowServer(`http://127.0.0.1:${port}`)!);
    const mirror = createMirror(mlflow, { runs: createFakeRuns(runOf([])), clock: systemClock, log });
    const [request] = (await asked) as [IncomingMessage];
    const gone = once(request.socket, 'close');
    mirror.close();
    await gone;
    expect(said).toEqual([]);
    hanging.close();
  });

  it('leaves alone what MLflow refuses for good, until the run goes on', async () => {
    server.trouble.authorization = 'Bearer other';
    const runs = createFakeRuns(runOf([]));
    const mirror = createMirror(connect(), { runs, clock: systemClock, log: quiet });
    await vi.waitFor(() => expect(mirror.pending()).toBe(0));
    expect(server.calls).toHaveLength(1);
    server.trouble.authorization = null;
    runs.become(runOf([publishedRound(1)]));
    await vi.waitFor(() => expect(server.runs[0]?.tags.get('sotto.rounds')).toBe('1'));
    mirror.close();
  });
});
