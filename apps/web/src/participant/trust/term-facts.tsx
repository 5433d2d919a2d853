import { type CommitteeTerms, presentTerms, type Terms, termsOfTask } from '@sotto/participant/terms';
import { deviceIdOf } from '@sotto/protocol/ids';
import type { Pins } from '@sotto/protocol/invite';
import type { Plan } from '@sotto/protocol/plan';
import type { TaskView } from '@sotto/protocol/views';
import { Trans, useTranslation } from 'react-i18next';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import type { Words } from '../../words/words.ts';
import { Fact } from './fact.tsx';
import { isOpenedInGroups } from './group-rounds.ts';
import { useWide } from './use-wide.ts';

interface TermFactsProps {
  view: TaskView;
  pins: Pins;
  /** Of the round under way, or the last one. */
  plan: Plan | null;
  agreement: Terms | null;
  device: string | null;
}

/** Who could open the sum, with their fingerprints: as far as it is known before the first round, and as each round has it. */
export function TermFacts({ view, pins, plan, agreement, device }: TermFactsProps) {
  const { t } = useTranslation('trust');
  const isWide = useWide();
  const offered = termsOfTask(view, pins);
  const { committee, minimumCohort } = presentTerms(agreement, offered);
  const now = (plan ?? offered).minimumCohort;
  const hasEnded = view.run !== null && view.run.state !== 'running' && view.run.state !== 'paused';
  return (
    <details open={isWide} className="mt-3 border-line text-sm lg:mt-5 lg:border-t lg:pt-4">
      <summary className="py-2 underline underline-offset-4 lg:hidden">{t('facts.title')}</summary>
      <dl className="mt-1 space-y-3 lg:mt-0" data-testid="terms">
        <Fact name={t('facts.committee')}>
          <p>{describeChoice(t, committee, hasEnded)}</p>
          {plan && (
            <p className="mt-1">
              {t('facts.now', {
                round: plan.round,
                members: plan.committee.members.length,
                threshold: plan.committee.threshold,
              })}
            </p>
          )}
          <Members members={membersOf(plan, committee, pins)} device={device} />
        </Fact>
        <Fact name={t('facts.cohort')}>
          <p>{t('facts.cohortText', { count: minimumCohort })}</p>
          {now !== minimumCohort && (
            <p className="mt-1">
              {plan
                ? t('facts.cohortInRound', { round: plan.round, count: now })
                : t('facts.cohortNow', { count: now })}
            </p>
          )}
          {isOpenedInGroups(plan, view.run) && <p className="mt-1">{t('facts.cohortInGroups')}</p>}
        </Fact>
        <Fact name={t('facts.runBy')}>
          <Trans
            t={t}
            i18nKey={pins.coordinator ? 'facts.runByNamed' : 'facts.runByUnnamed'}
            components={{ key: <Fingerprint of={view.coordinator} /> }}
          />
        </Fact>
        <Fact name={t('facts.vouchedBy')}>
          {pins.studyKey ? (
            <Trans t={t} i18nKey="facts.vouchedByKey" components={{ key: <Fingerprint of={pins.studyKey} /> }} />
          ) : (
            t('facts.vouchedByNobody')
          )}
        </Fact>
      </dl>
    </details>
  );
}

function describeChoice(t: Words<'trust'>, committee: CommitteeTerms | null, hasEnded: boolean): string {
  switch (committee?.choice) {
    case undefined:
      return t(hasEnded ? 'facts.notYetAgain' : 'facts.notYet');
    case 'certified':
      return t('facts.byStudyKey', { least: committee.least });
    case 'drawn':
      return t('facts.drawn', { least: committee.least });
    case 'named':
      return t('facts.named', { count: committee.keys.length, least: committee.least });
  }
}

interface Member {
  readonly key: string;
  /** By the study key of the link, which the device checked. */
  readonly vouched: boolean;
}

function membersOf(plan: Plan | null, committee: CommitteeTerms | null, { studyKey }: Pins): Member[] {
  if (plan) return plan.committee.members.map(({ key }) => ({ key, vouched: studyKey !== null }));
  return committee?.choice === 'named' ? committee.keys.map((key) => ({ key, vouched: false })) : [];
}

function Members({ members, device }: { members: readonly Member[]; device: string | null }) {
  const { t } = useTranslation('trust');
  if (members.length === 0) return null;
  return (
    <details className="mt-1" data-testid="members">
      <summary className="py-2 text-muted">{t('facts.members', { count: members.length })}</summary>
      <ol className="list-decimal space-y-1 pl-6">
        {members.map(({ key, vouched }) => (
          <li key={key}>
            <Fingerprint of={key} />
            {deviceIdOf(key) === device && <strong className="font-medium"> {t('facts.self')}</strong>}
            {vouched && <span className="text-muted"> · {t('facts.vouched')}</span>}
          </li>
        ))}
      </ol>
    </details>
  );
}
