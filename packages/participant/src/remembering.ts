import { type RoundKey, runKeyText } from '@sotto/protocol/ids';
import { contributionTo } from './round-memory.ts';
import type { Transport } from './transport.ts';
import type { Vault } from './vault.ts';

/**
 * Tells a coordinator that asks for a round of long ago, as one restored from an old backup does, the highest round of the run that
 * this device answered or contributed to: it goes on after that. Nothing is said when there is none above the one asked for, unless
 * this device's update is in that very round.
 */
export async function tellRemembered(transport: Transport, vault: Vault, asked: RoundKey): Promise<void> {
  const { run } = asked;
  const prefix = `${runKeyText(asked)}/`;
  const contribution = await contributionTo(vault, asked);
  const members = await vault.list('members', prefix);
  const answered = members.map(({ key }) => Number.parseInt(key.slice(prefix.length), 10));
  const round = Math.max(contribution?.round ?? 0, ...answered);
  if (round > asked.round || contribution?.round === asked.round) await transport.request('remember', { run, round });
}
