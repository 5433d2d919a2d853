import { join } from 'node:path';
import { ADMIN_NEWS } from '@sotto/protocol/admin/changes';
import { afterNews, LiveView, RoundView } from '@sotto/protocol/admin/live';
import { RunCheck, RunDetail, RunList } from '@sotto/protocol/admin/runs';
import { RunSummary } from '@sotto/protocol/run';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { type Coordinator, startCoordinator } from '../src/main.ts';
import { newFolder, until } from './hall.ts';
import { connectDevices } from './live.ts';
import { makeTasks } from './task-folder.ts';

let coordinator: Coordinator;
let cookie = '';

beforeAll(async () => {
  coordinator = await startCoordinator(
    readConfig({ SOTTO_DATA_DIR: join(newFolder(), 'data'), PORT: '0', SOTTO_LOG: 'silent' }),
    { tasksDirs: [makeTasks()], checkAnswers: true },
  );
  const signedIn = await send('POST', '/api/admin/session', { token: coordinator.adminToken });
  cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
});
afterAll(() => coordinator.close());

function send(method: string, path: string, body?: unknown): Promise<Response> {
  const headers = { origin: coordinator.url, 'content-type': 'application/json', cookie };
  return fetch(new URL(path, coordinator.localUrl), {
    method,
    headers: body === undefined ? { origin: coordinator.url, cookie } : headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

const get = async (path: string) => (await send('GET', path)).json() as Promise<unknown>;
const check = async (body: unknown) => RunCheck.parse(await (await send('POST', '/api/admin/runs/check', body)).json());

describe('a run that is only thought about', () => {
  it('is told by what it would cost, with every gap filled, and is not started', async () => {
    const checked = await check({ task: 'tiny', dp: { noiseMultiplier: 2 } });
    if (!checked.fits) throw new Error(JSON.stringify(checked.issues));
    const { preview } = checked;
    expect(preview).toMatchObject({ parameters: 6, modelBytes: 24, isBusy: false, members: 7 });
    expect(preview.config.rounds).toBeGreaterThan(0);
    expect(preview.uploadBytes).toBe(preview.ciphertextBytes + 7 * 8248);
    expect(preview.privacy!.noiseMultiplier).toBeGreaterThanOrEqual(2);
    expect(preview.privacy!.atEnd).toBeGreaterThan(preview.privacy!.oneRound);
    expect(RunList.parse(await get('/api/admin/runs')).runs).toEqual([]);
  });

  it('is refused field by field, by the checks that would refuse it', async () => {
    expect(await check({ task: 'tiny', rounds: 0, lanes: 9, fractionFit: 2 })).toEqual({
      fits: false,
      issues: expect.arrayContaining([
        { field: 'rounds', message: 'must be at least 1, not 0' },
        { field: 'fractionFit', message: 'must be at most 1, not 2' },
      ]),
    });
    const together = await check({ task: 'tiny', minimumCohort: 5, cohort: { least: 3 } });
    expect(together).toMatchObject({ fits: false, issues: [{ field: 'cohort.least' }] });
    expect(await check({ task: 'tiny', committee: 'named' })).toMatchObject({ issues: [{ field: 'committee' }] });
    expect(await check({ task: 'huge' })).toMatchObject({ fits: false, issues: [{ field: null }] });
  });
});

describe('a run', () => {
  it('is followed over the socket from its start to its end, and told by its rounds and by each of them', async () => {
    const socket = io(`${coordinator.localUrl}/admin`, {
      transports: ['websocket'],
      extraHeaders: { cookie, origin: coordinator.url },
    });
    const told: string[] = [];
    let page = LiveView.parse(await get('/api/admin/tasks/tiny/live'));
    const phases: string[] = [];
    socket.on('changed', (news) => told.push(ADMIN_NEWS.changed.parse(news).what));
    socket.on('live', (news) => {
      page = afterNews(page, ADMIN_NEWS.live.parse(news)) ?? page;
      phases.push(page.status.phase);
    });
    await until('the page is connected', () => socket.connected);
    const devices = await connectDevices(coordinator.localUrl, 3);
    const body = { task: 'tiny', rounds: 1, cohort: { least: 3 } };
    const started = RunSummary.parse(await (await send('POST', '/api/admin/runs', body)).json());
    const { run } = started;
    await until('the page has seen the end', () => page.status.state === 'finished' && page.round === null);
    expect(told).toEqual(expect.arrayContaining(['devices', 'runs', 'models', 'audit']));
    expect(phases).toContain('collecting');
    expect(page.news).toBe(LiveView.parse(await get('/api/admin/tasks/tiny/live')).news);

    const [line] = RunList.parse(await get('/api/admin/runs?task=tiny')).runs;
    expect(line).toMatchObject({ run, state: 'finished', published: 1, abandoned: 0 });
    expect(line!.curve).toHaveLength(2);
    const detail = RunDetail.parse(await get(`/api/admin/runs/${run}`));
    expect(detail.run.rounds).toHaveLength(1);
    expect(detail.totals).toMatchObject([{ round: 1, refused: 0 }]);
    expect(detail.totals[0]!.received).toBeGreaterThan(3 * 3 * 8248);
    const round = RoundView.parse(await get(`/api/admin/runs/${run}/rounds/1`));
    expect(round.devices).toHaveLength(3);
    expect((await send('GET', `/api/admin/runs/${run}/rounds/2`)).status).toBe(404);
    expect((await send('GET', '/api/admin/runs/none')).status).toBe(404);
    expect((await send('GET', '/api/admin/runs?task=none')).status).toBe(404);
    socket.disconnect();
    for (const device of devices) await device.participant().leave();
  });

  it('is shown to nobody who is not signed in', async () => {
    const mine = cookie;
    cookie = '';
    for (const path of ['/api/admin/runs', '/api/admin/runs/tiny-1', '/api/admin/tasks/tiny/live'])
      expect((await send('GET', path)).status, path).toBe(401);
    cookie = mine;
  });
});
