import type { RoundEvent } from '../../src/round/round.ts';
import { id } from './round-host.ts';

/** Events as the border hands them to the round: signatures verified, bytes on disk. */
export const DEVICES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(id).sort();
export const OUTSIDER = id('outsider');
const SIGNATURE = '00'.repeat(64);

export function oneTimeKey(at: number, device: string, version = 0): RoundEvent {
  const oneTime = { key: id(`${device}/${version}`), expiry: at + 1_000_000, signature: SIGNATURE };
  return { type: 'one-time-key', at, device, member: id(device), oneTime };
}

export function update(at: number, device: string, version = 0): RoundEvent {
  const digest = id(`update ${device}/${version}`);
  const record = { key: id(device), certificate: null, ciphertext: digest, boxes: [digest], signature: SIGNATURE };
  return { type: 'update', at, device, digest, record };
}

export function answer(at: number, device: string, x: number, candidates: string, version = 0): RoundEvent {
  const digest = id(`answer ${x}/${version}`);
  return { type: 'answer', at, device, candidates, digest, evidence: { x, answer: 'AA', signature: SIGNATURE } };
}

export function vote(at: number, device: string, x: number, contributors: string): RoundEvent {
  return { type: 'vote', at, device, contributors, evidence: { x, signature: SIGNATURE } };
}

export function opening(at: number, device: string, x: number, contributors: string, version = 0): RoundEvent {
  const digest = id(`opening ${x}/${version}`);
  return { type: 'opening', at, device, contributors, digest, evidence: { x, shares: 'AA', signature: SIGNATURE } };
}
