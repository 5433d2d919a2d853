import type { Terms } from '@sotto/participant/terms';
import type { Pins } from '@sotto/protocol/invite';
import type { Committee } from '@sotto/protocol/plan';
import type { Words } from '../../words/words.ts';
import { describeNoise } from './noise-wording.ts';
import type { Statement } from './statement.ts';

/**
 * Who can open what, against whom that protects, and what it does not. Claims no more than the protocol does (docs/THREAT-MODEL.md):
 * without a pinned study key, protection is against a coordinator that follows the protocol only.
 */
export function describeProtection(
  t: Words<'trust'>,
  { studyKey, admission }: Pins,
  committee: Pick<Committee, 'members' | 'threshold'> | null,
  noise: Terms['noise'],
): Statement[] {
  const good = (text: string): Statement => ({ good: true, text });
  const limit = (text: string): Statement => ({ good: false, text });
  const who = committee
    ? t('open.who', { members: committee.members.length, threshold: committee.threshold })
    : t('open.whoUnknown');
  const sum = good(t('open.sum', { who }));
  const always = [...describeNoise(t, noise), limit(t('open.code')), limit(t('open.seen'))];
  if (studyKey === null) return [sum, limit(t('open.noStudyKey')), ...always];
  // A coordinator that cheats asks t members for one sum and t for another: 2t − m of them must play both games.
  const accomplices = committee
    ? t('open.accomplices', { count: 2 * committee.threshold - committee.members.length })
    : t('open.accomplicesUnknown');
  return [
    sum,
    good(t('open.certified', { accomplices })),
    admission === 'certified' ? good(t('open.certifiedContributors')) : limit(t('open.openContributors')),
    ...always,
  ];
}

const FURTHER = [
  'sums',
  'conspiracy',
  'others',
  'failing',
  'malice',
  'refused',
  'people',
  'twice',
  'measured',
  'quantum',
  'proof',
] as const;

/** What else the protocol does not do, whatever the link names. */
export function describeFurtherLimits(t: Words<'trust'>, noise: Terms['noise']): string[] {
  const isNoisy = noise !== null && noise !== 'none';
  return FURTHER.map((limit) =>
    isNoisy && (limit === 'sums' || limit === 'others') ? t(`further.${limit}Noisy`) : t(`further.${limit}`),
  );
}
