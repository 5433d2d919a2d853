import type { LiveView } from '@sotto/protocol/admin/live';
import { QueryClient } from '@tanstack/react-query';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { forgetNews, liveQuery, takeNews } from './live.ts';

const TASK = 'numbers';
const STATUS: LiveView['status'] = {
  task: TASK,
  present: 0,
  needed: 3,
  run: null,
  state: null,
  rounds: 1,
  round: 0,
  phase: 'waiting',
  cohort: 0,
  contributors: 0,
  deadline: null,
  nextRoundAt: null,
  reconnectMs: 1000,
};
const viewAt = (news: number): LiveView => ({
  task: TASK,
  news,
  now: news,
  status: { ...STATUS, present: news },
  round: null,
  facts: { received: {}, refused: {}, refusals: [] },
});

afterEach(() => {
  forgetNews();
  vi.unstubAllGlobals();
});

function answering(): (view: LiveView) => void {
  const { promise, resolve } = Promise.withResolvers<Response>();
  vi.stubGlobal('fetch', () => promise);
  return (view) => resolve(Response.json(view));
}

describe('news of a task', () => {
  it('are in the view that was asked for before them, and answered after', async () => {
    const client = new QueryClient();
    const answer = answering();
    const asked = client.fetchQuery(liveQuery(TASK));
    for (const news of [4, 5, 6, 7]) expect(takeNews(client, viewAt(news))).toBe(false);
    answer(viewAt(5));
    expect(await asked).toEqual(viewAt(7));
  });

  it('follow one another without asking, and ask when one is missing', async () => {
    const client = new QueryClient();
    answering()(viewAt(5));
    await client.fetchQuery(liveQuery(TASK));
    expect(takeNews(client, viewAt(6))).toBe(false);
    expect(client.getQueryData(liveQuery(TASK).queryKey)).toEqual(viewAt(6));
    expect(takeNews(client, viewAt(8))).toBe(true);
    expect(client.getQueryData(liveQuery(TASK).queryKey)).toEqual(viewAt(6));
  });

  it('of a coordinator that was started again count from the beginning', async () => {
    const client = new QueryClient();
    answering()(viewAt(100));
    await client.fetchQuery(liveQuery(TASK));
    forgetNews();
    takeNews(client, viewAt(1));
    const answer = answering();
    const asked = client.fetchQuery(liveQuery(TASK));
    takeNews(client, viewAt(2));
    answer(viewAt(1));
    expect(await asked).toEqual(viewAt(2));
  });
});
