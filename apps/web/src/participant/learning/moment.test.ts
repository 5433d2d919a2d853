import { INITIAL_STATE, type ParticipantState } from '@sotto/participant/state';
import type { Status } from '@sotto/protocol/run';
import { describe, expect, it } from 'vitest';
import type { SessionState } from '../../session/session.ts';
import { describeMoment } from './moment.ts';

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
  history: [],
};
const PLAN = { hash: 'ab', plan: { round: 2 } } as unknown as ParticipantState['plan'];

function session(participant: Partial<ParticipantState> | null, stage: SessionState['stage'] = 'joined'): SessionState {
  return {
    stage,
    backend: null,
    learning: [],
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

describe('the moment', () => {
  it('promises before joining that nothing is sent, and after leaving that nothing more is', () => {
    expect(describeMoment(session(null, 'apart'), STATUS)).toMatchObject({ name: 'apart' });
    expect(describeMoment(session({}, 'apart'), STATUS)).toMatchObject({ name: 'left' });
  });

  it('tells a first connection from a lost one', () => {
    expect(describeMoment(session({ connection: 'connecting', status: null }), STATUS).name).toBe('connecting');
    expect(describeMoment(session({ connection: 'connecting' }), STATUS).name).toBe('reconnecting');
  });

  it('says when this device itself refused the coordinator', () => {
    expect(describeMoment(session({ connection: 'off' }), STATUS).name).toBe('refused');
  });

  it('counts the devices that are still missing', () => {
    expect(describeMoment(session({}), STATUS).title).toBe('Waiting for 1 more device');
    expect(describeMoment(session({}), { ...STATUS, present: 1 }).title).toBe('Waiting for 2 more devices');
    expect(describeMoment(session({}), { ...STATUS, present: 3 }).title).toBe('Waiting for the next round');
  });

  it('says whether nobody has begun, all is done, or it was stopped', () => {
    expect(describeMoment(session({}), { ...STATUS, run: null, state: null }).title).toBe(
      'Waiting for the study to begin',
    );
    expect(describeMoment(session({}), { ...STATUS, state: 'finished' }).title).toBe('All 5 rounds are done');
    expect(describeMoment(session({}), { ...STATUS, state: 'stopped' }).title).toBe('The run was stopped');
  });

  it('says that the study is paused, and why this device sits a round out while that round lasts', () => {
    expect(describeMoment(session({}), { ...STATUS, state: 'paused' }).name).toBe('paused');
    const checking = { ...STATUS, phase: 'checking' as const };
    expect(describeMoment(session({ satOut: 'unneeded' }), checking).detail).toMatch(/not needed.*asked again/);
    expect(describeMoment(session({ satOut: 'withdrawn' }), checking).detail).toMatch(/not counted/);
    expect(describeMoment(session({ satOut: 'withdrawn' }), STATUS).name).toBe('waiting');
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
    const learning = describeMoment(session({ phase: 'learning', progress }), STATUS);
    expect(learning.progress).toBeCloseTo(1.5 / 4);
    expect(learning.detail).toContain('Pass 2 of 4, part 5 of 10');
    const sending = describeMoment(
      session({ phase: 'sending', upload: { sent: 30, total: 40 }, sealed: { ms: 200, bytes: 668_000, norm: 1 } }),
      STATUS,
    );
    expect(sending.progress).toBe(0.75);
    expect(sending.detail).toContain('668 KB, sealed in 0.2 s');
  });

  it('says what is still waited for once the own part is done', () => {
    const collecting = { ...STATUS, phase: 'collecting' as const, cohort: 4, contributors: 1 };
    expect(describeMoment(session({ phase: 'sent' }), collecting)).toMatchObject({
      title: 'Your part of round 2 is done',
      detail: '1 of 4 devices have sent theirs.',
    });
    expect(describeMoment(session({ phase: 'sent' }), { ...STATUS, phase: 'opening' }).detail).toContain(
      'only the sum',
    );
  });
});
