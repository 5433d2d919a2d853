import type { BackendName } from '@sotto/learner/backend';
import type { Dataset } from '@sotto/learner/dataset';
import { heldOutSize } from '@sotto/learner/held-out';
import type { Status } from '@sotto/protocol/run';
import { type RefObject, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionState } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { dutyOf } from '../duty.ts';
import { BackendReport } from './backend-report.tsx';
import { LearningPlot } from './learning-plot.tsx';
import { LeaveButton } from './leave-button.tsx';
import { isOver, type Moment } from './moment.ts';
import { Notices } from './notices.tsx';
import { OwnChecks } from './own-checks.tsx';
import { WithdrawButton } from './withdraw-button.tsx';

interface TakePartProps {
  state: SessionState;
  moment: Moment;
  status: Status;
  data: Dataset | null;
  device: string | null;
  /** Training backend that the link forces. */
  backend: string | null;
  onJoin: () => void;
  onWithdraw: () => void;
  onPause: () => void;
  onResume: () => void;
  onLeave: () => void;
  onChooseBackend: (wish: BackendName | null) => void;
  onTestBackends: () => void;
}

/** Moments whose detail changes all the time. */
const MANIFOLD: readonly Moment['name'][] = ['preparing', 'learning', 'sending'];

/** Joining, and everything that happens live from then on. */
export function TakePart(props: TakePartProps) {
  const { state, moment, status, data, backend, onChooseBackend, onTestBackends } = props;
  const { t } = useTranslation('learning');
  const { learning, checks } = state;
  const aside = useMemo(() => (data ? heldOutSize(data.labels) : 0), [data]);
  const now = useRef<HTMLDivElement>(null);
  const isAsked = state.stage === 'joined' && state.participant !== null && state.participant.phase !== 'idle';
  return (
    <Card title={t('card.title')} testId="take-part" aside={<Presence status={status} isAsked={isAsked} />}>
      <div ref={now} tabIndex={-1} role="status" data-testid="moment" className="outline-none">
        <p className="text-xl font-semibold tracking-tight">{moment.title}</p>
        {/* Batch by batch, or piece by piece, is too much to be read out. */}
        <p className="mt-1 text-muted" aria-live={MANIFOLD.includes(moment.name) ? 'off' : undefined}>
          {moment.detail}
        </p>
        {moment.note && <p className="mt-1 text-sm">{moment.note}</p>}
      </div>
      {moment.progress !== undefined && (
        <div className="mt-4">
          <ProgressBar label={moment.title} value={moment.progress} />
        </div>
      )}
      <Notices state={state} moment={moment} />
      {learning.length > 1 && <LearningPlot points={learning} />}
      <div className="mt-6 flex flex-wrap items-center gap-x-4 gap-y-3 empty:hidden">
        <Actions {...props} aside={aside} now={now} />
      </div>
      {checks.length > 1 && <OwnChecks checks={checks} aside={aside} status={status} />}
      <BackendReport state={state} forced={backend} onChoose={onChooseBackend} onTest={onTestBackends} />
    </Card>
  );
}

function Actions(props: TakePartProps & { aside: number; now: RefObject<HTMLElement | null> }) {
  const { state, moment, status, data, device, aside, now, onJoin, onWithdraw, onPause, onResume, onLeave } = props;
  const { t } = useTranslation('learning');
  const { stage, participant } = state;
  if (stage === 'apart')
    return (
      <>
        <Button look="primary" size="large" disabled={!data} onClick={onJoin} aria-describedby="join-hint">
          {participant ? t('join.again') : t('join.join')}
        </Button>
        <p id="join-hint" className="min-w-0 flex-1 basis-60 text-sm text-muted">
          {data ? t('join.examples', { count: data.labels.length }) : t('join.choose')}
          {data && aside > 0 && ` ${t('join.aside', { count: aside })}`}
          {device && ` ${t('join.device', { device })}`}
        </p>
      </>
    );
  // What changed asks whether to go on or to leave.
  if (moment.name === 'changed') return null;
  return (
    <>
      {stage === 'joined' && participant && (
        <WithdrawButton participant={participant} status={status} onWithdraw={onWithdraw} finalFocus={now} />
      )}
      {stage === 'joined' &&
        (participant?.paused ? (
          <Button look="primary" onClick={onResume}>
            {t('pause.resume')}
          </Button>
        ) : (
          !isOver(status) && moment.name !== 'refused' && <Button onClick={onPause}>{t('pause.pause')}</Button>
        ))}
      <LeaveButton duty={stage === 'joined' && participant ? dutyOf(participant) : null} onLeave={onLeave} />
    </>
  );
}

/** How many updates are in matters to whoever is asked for one; anybody else sees how many are here. */
function Presence({ status, isAsked }: { status: Status; isAsked: boolean }) {
  const { present, needed, run, phase, cohort, contributors } = status;
  const { t } = useTranslation('learning');
  const here = t('card.present', { count: present });
  return (
    <span data-testid="presence">
      {isAsked && run !== null && phase === 'collecting'
        ? t('card.updates', { contributors, cohort })
        : needed > present
          ? t('card.needed', { present: here, count: needed - present })
          : here}
    </span>
  );
}
