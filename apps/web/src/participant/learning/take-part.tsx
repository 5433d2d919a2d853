import type { Dataset } from '@sotto/learner/dataset';
import type { Status } from '@sotto/protocol/run';
import type { SessionState } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Plot } from '../../ui/plot.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { formatPlural, formatShare } from '../../ui/quantity.ts';
import { BackendReport } from './backend-report.tsx';
import { DutyNotice } from './duty-notice.tsx';
import { LeaveButton } from './leave-button.tsx';
import type { Moment } from './moment.ts';

interface TakePartProps {
  state: SessionState;
  moment: Moment;
  status: Status;
  data: Dataset | null;
  device: string | null;
  onJoin: () => void;
  onWithdraw: () => void;
  onLeave: () => void;
}

/** Joining, and everything that happens live from then on. */
export function TakePart({ state, moment, status, data, device, onJoin, onWithdraw, onLeave }: TakePartProps) {
  const { stage, participant, learning, backend } = state;
  const problem = state.problem ?? (stage === 'joined' ? (participant?.problem ?? null) : null);
  const duty = stage === 'joined' ? (participant?.dutyUntil ?? null) : null;
  const active = stage !== 'apart';
  const last = learning.at(-1);
  // Once the round no longer takes updates, the committee works on those it has.
  const retractable = (moment.name === 'sending' || moment.name === 'sent') && status.phase === 'collecting';

  return (
    <Card title="Take part" testId="take-part" aside={<Presence status={status} />}>
      <div role="status" data-testid="moment">
        <p className="text-xl font-semibold tracking-tight">{moment.title}</p>
        {/* Batch by batch is too much to be read out. */}
        <p className="mt-1 text-muted" aria-live={moment.name === 'learning' ? 'off' : undefined}>
          {moment.detail}
        </p>
      </div>
      {moment.progress !== undefined && (
        <div className="mt-4">
          <ProgressBar label={moment.title} value={moment.progress} />
        </div>
      )}
      <div className="mt-5 space-y-4">
        {problem && (
          <Notice tone="bad" title={problem.message} testId="problem">
            {stage === 'apart'
              ? 'Nothing was sent. You can try again.'
              : moment.name === 'refused'
                ? 'Nothing more is sent.'
                : 'This page goes on: it takes part again as soon as it is asked. If this stays, leave and join again.'}
          </Notice>
        )}
        {duty !== null && <DutyNotice until={duty} />}
        {active && duty === null && participant?.phase === 'sent' && (
          <Notice tone="calm" title="You may close this tab now" testId="may-close">
            Your sealed update counts without you. Stay if you want to help in the next round too.
          </Notice>
        )}
      </div>
      {learning.length > 1 && (
        <div className="mt-6" data-testid="learning-plot">
          <Plot
            label={`Learning on this device: loss ${last?.loss.toFixed(2)}, ${formatShare(last?.accuracy ?? 0)} of your examples right.`}
            xName="passes over your examples"
            x={learning.map(({ epoch }) => epoch)}
            series={[
              { name: 'right', values: learning.map(({ accuracy }) => accuracy), scale: 'share' },
              { name: 'loss', values: learning.map(({ loss }) => loss), scale: 'amount' },
            ]}
          />
        </div>
      )}
      <div className="mt-6 flex flex-wrap items-center gap-x-4 gap-y-3">
        {stage === 'apart' ? (
          <>
            <Button look="primary" size="large" disabled={!data} onClick={onJoin} aria-describedby="join-hint">
              {participant ? 'Join again' : 'Join'}
            </Button>
            <p id="join-hint" className="text-sm text-muted">
              {data
                ? `Learns from your ${formatPlural(data.labels.length, 'example')}, in this page.`
                : 'Choose examples above first.'}
              {device && ` This tab acts as a device of its own, “${device}”, to try things out.`}
            </p>
          </>
        ) : (
          <>
            {retractable && (
              <ConfirmButton
                label="Take my update back"
                title="Take your update back?"
                confirm="Take it back"
                keep="Let it count"
                onConfirm={onWithdraw}
              >
                The coordinator deletes it, and it is not counted in this round. You are asked again in the next one.
              </ConfirmButton>
            )}
            <LeaveButton onDuty={duty !== null} onLeave={onLeave} />
          </>
        )}
      </div>
      {backend && <BackendReport choice={backend} device={participant?.device ?? null} />}
    </Card>
  );
}

function Presence({ status: { present, needed, run, phase, cohort, contributors } }: { status: Status }) {
  if (run !== null && phase === 'collecting')
    return (
      <span data-testid="presence">
        {contributors} of {cohort} updates in
      </span>
    );
  return (
    <span data-testid="presence">
      {formatPlural(present, 'device')} here{needed > present && `, ${needed - present} more needed`}
    </span>
  );
}
