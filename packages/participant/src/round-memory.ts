import type { ContributionRecord } from '@sotto/fl-core/round/contribution';
import type { MemberRecord } from '@sotto/fl-core/round/member';
import { type RoundKey, roundKeyText, runKeyText } from '@sotto/protocol/ids';
import type { Vault, Write } from './vault.ts';

/** What this device said in rounds, and therefore never says otherwise: see the reducers in fl-core. */

/** Its latest contribution to a run. */
export async function contributionTo(
  vault: Vault,
  run: Pick<RoundKey, 'coordinator' | 'task' | 'run'>,
): Promise<ContributionRecord | undefined> {
  return (await vault.get('contributions', runKeyText(run))) as ContributionRecord | undefined;
}

/** As a member of the committee. */
export async function memberRecordOf(vault: Vault, round: RoundKey): Promise<MemberRecord | undefined> {
  return (await vault.get('members', roundKeyText(round))) as MemberRecord | undefined;
}

/** The same in all groups of a round, by `roundKeyText`. */
export async function memberRecordsIn(
  vault: Vault,
  round: Omit<RoundKey, 'group'>,
): Promise<ReadonlyMap<string, MemberRecord>> {
  const groups = await vault.list('members', `${runKeyText(round)}/${round.round}/`);
  return new Map(groups.map(({ key, value }) => [key, value as MemberRecord]));
}

/** @returns false when another session over this vault was faster: then nothing is written, and nothing may be sent. */
export function keepMemberRecord(
  vault: Vault,
  round: RoundKey,
  before: MemberRecord | undefined,
  record: MemberRecord,
  staged: readonly Write[],
): Promise<boolean> {
  const place = { table: 'members', key: roundKeyText(round) } as const;
  return vault.write([{ ...place, value: record }, ...staged], { ...place, value: before });
}
