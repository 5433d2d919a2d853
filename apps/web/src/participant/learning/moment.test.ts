import { INITIAL_STATE, type ParticipantState } from '@sotto/participant/state';
import type { Status } from '@sotto/protocol/run';
import { createInstance } from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SessionState } from '../../session/session.ts';
import english from '../../words/en/index.ts';
import type { Words } from '../../words/words.ts';
import { describeMoment, type Moment } from './moment.ts';

const STATUS: Status = {
  task: 'digits',
  present: 2,
  needed: 3,
  run: 'digits-1',
  state: 'running',
  rounds: 5,
  round: 1,
  phase: 'waiting',
  cohort: 0,
  contributors: 0,
  deadline: null,
  nextRoundAt: null,
  reconnectMs: 1000,
  budget: null,
  history: [],
};
/** Finished, after so many published rounds. */
const ended = (published: number): Status => ({
  ...STATUS,
  state: 'finished',
  history: Array.from({ length: published + 1 }, (_, round) => ({ round, accuracy: 0, loss: 0, contributors: 3 })),
});
const PLAN = { hash: 'ab', plan: { round: 2 } } as unknown as ParticipantState['plan'];

function session(participant: Partial<ParticipantState> | null, stage: SessionState['stage'] = 'joined'): SessionState {
  return {
    stage,
    backend: null,
    backendRefused: null,
    testing: false,
    learning: [],
    checks: [],
    sealedMs: null,
    sending: null,
    sleptMs: null,
    loading: null,
    problem: null,
    participant: participant && {
      ...INITIAL_STATE,
      connection: 'connected',
      status: STATUS,
      plan: PLAN,
      ...participant,
    },
  };
}

let t: Words<'learning'>;
beforeAll(async () => {
  const words = createInstance();
  await words.init({ lng: 'en', ns: ['learning'], resources: { en: english } });
  t = words.getFixedT(null, 'learning') as Words<'learning'>;
});
const moment = (state: SessionState, status: Status): Moment => describeMoment(t, state, status);

describe('the moment', () => {
  it('promises before joining that nothing is sent, and after leaving that nothing more is', () => {
    expect(moment(session(null, 'apart'), STATUS)).toMatchObject({ name: 'apart' });
    expect(moment(session({}, 'apart'), STATUS)).toMatchObject({ name: 'left' });
  });

  it('measures loading by bytes, of what learns and of what seals, and then says what else takes a while', () => {
    const learning = { done: 500_000, total: 1_000_000 };
    const loading = { ...session(null, 'preparing'), loading: { learning, sealing: { done: 0, total: 1_500_000 } } };
    expect(moment(loading, STATUS)).toMatchObject({
      name: 'preparing',
      detail: 'Loading what learns (50 %) and what seals (0 %).',
      progress: 0.2,
    });
    expect(moment(session(null, 'preparing'), STATUS)).toMatchObject({ name: 'preparing', progress: null });
  });

  it('tells a first connection from a lost one', () => {
    expect(moment(session({ connection: 'connecting', status: null }), STATUS).name).toBe('connecting');
    expect(moment(session({ connection: 'connecting' }), STATUS).name).toBe('reconnecting');
  });

  it('says when this device itself refused the coordinator', () => {
    expect(moment(session({ connection: 'off' }), STATUS).name).toBe('refused');
  });

  it('counts the devices that are still missing', () => {
    expect(moment(session({}), STATUS).title).toBe('Waiting for 1 more device');
    expect(moment(session({}), { ...STATUS, present: 1 }).title).toBe('Waiting for 2 more devices');
    expect(moment(session({}), { ...STATUS, present: 3 }).title).toBe('Waiting for the next round');
  });

  it('says whether nobody has begun, all is done, or it was stopped', () => {
    expect(moment(session({}), { ...STATUS, run: null, state: null }).title).toBe('Waiting for the study to begin');
    expect(moment(session({}), ended(5)).title).toBe('All 5 rounds are done');
    expect(moment(session({}), { ...STATUS, state: 'stopped' }).title).toBe('The run was stopped');
  });

  it('says that a run ended early, and that its privacy budget is spent where that is why', () => {
    expect(moment(session({}), ended(1))).toMatchObject({
      title: 'The run ended after 1 round',
      detail: expect.stringMatching(/^Thank you/),
    });
    const budget = { epsilon: 2, delta: 1e-5, contributors: 10, spent: 1.9, atEnd: 1.9, roundsLeft: 0 };
    expect(moment(session({}), { ...ended(3), budget })).toMatchObject({
      title: 'The run ended after 3 rounds',
      detail: expect.stringContaining('privacy budget is spent'),
    });
    expect(moment(session({}), { ...ended(5), budget }).detail).not.toContain('budget');
  });

  it('says that the study is paused, and why this device sits a round out while that round lasts', () => {
    expect(moment(session({}), { ...STATUS, state: 'paused' }).name).toBe('paused');
    const checking = { ...STATUS, phase: 'checking' as const };
    expect(moment(session({ satOut: 'unneeded' }), checking).detail).toMatch(/not needed.*asked again/);
    expect(moment(session({ satOut: 'withdrawn' }), checking).detail).toMatch(/not counted/);
    expect(moment(session({ satOut: 'withdrawn' }), STATUS).name).toBe('waiting');
  });

  it('measures learning over all epochs, and sending by bytes', () => {
    const progress = {
      epoch: 2,
      epochs: 4,
      batch: 5,
      batches: 10,
      loss: 1,
      accuracy: 0.5,
      validation: null,
      msLeft: 2000,
      backend: 'wasm',
    };
    const learning = moment(session({ phase: 'learning', progress }), STATUS);
    expect(learning.progress).toBeCloseTo(1.5 / 4);
    expect(learning.detail).toBe('Pass 2 of 4, part 5 of 10 · 50.0 % of your examples right · 2.0 s left');
    const first = { ...progress, epoch: 1, batch: 0, msLeft: null };
    expect(moment(session({ phase: 'learning', progress: first }), STATUS)).toMatchObject({ progress: 0 });
    const sending = moment(
      session({ phase: 'sending', upload: { sent: 30, total: 40 }, sealed: { ms: 200, bytes: 668_000, norm: 1 } }),
      STATUS,
    );
    expect(sending.progress).toBe(0.75);
    expect(sending.detail).toContain('668 KB, sealed in 0.2 s');
  });

  it('says what is still waited for once the own part is done', () => {
    const collecting = { ...STATUS, phase: 'collecting' as const, cohort: 4, contributors: 1 };
    expect(moment(session({ phase: 'sent' }), collecting)).toMatchObject({
      title: 'Your part of round 2 is done',
      detail: '1 of 4 devices have sent theirs.',
    });
    expect(moment(session({ phase: 'sent' }), { ...STATUS, phase: 'opening' }).detail).toContain('only the sum');
  });

  it('says that what broke off is started anew, and nothing worse', () => {
    expect(moment(session({ retrying: true }), STATUS)).toMatchObject({ name: 'restarting', progress: null });
  });

  it('tells how long sealing took last time, and how long sending will take', () => {
    expect(moment({ ...session({ phase: 'sealing' }), sealedMs: 4200 }, STATUS).detail).toContain(
      'Last time that took 4.2 s',
    );
    const sending = { ...session({ phase: 'sending' }), sending: { since: 0, from: 0, msLeft: 12_000 } };
    expect(moment(sending, STATUS).detail).toContain('About 12 s left');
  });

  it('says while a person pauses that nothing is learned, and whether others still count on the device', () => {
    const paused = moment(session({ paused: true }), STATUS);
    expect(paused).toMatchObject({ name: 'resting', title: 'You are pausing' });
    expect(moment(session({ paused: true, dutyUntil: 5 }), STATUS).detail).toContain('committee may still need');
    // What was sealed before is still sent.
    expect(moment(session({ paused: true, phase: 'sending' }), STATUS)).toMatchObject({
      name: 'sending',
      note: 'You pause after this round.',
    });
    expect(moment(session({ paused: true, phase: 'sent', dutyUntil: 5 }), STATUS).note).toContain('duty goes on');
    expect(moment(session({ phase: 'sent', dutyUntil: 5 }), STATUS).note).toBeUndefined();
  });
});
