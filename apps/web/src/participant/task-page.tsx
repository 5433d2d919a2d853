import type { Dataset } from '@sotto/learner/dataset';
import { termsOfTask } from '@sotto/participant/terms';
import type { Pins } from '@sotto/protocol/invite';
import { examplesHash } from '@sotto/protocol/task';
import type { TaskView } from '@sotto/protocol/views';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { taskQuery } from '../api/queries.ts';
import { NewVersionNotice } from '../pwa/new-version-notice.tsx';
import { useSession } from '../session/use-session.ts';
import { Notice } from '../ui/notice.tsx';
import { About } from './about.tsx';
import { DataChoice } from './data/data-choice.tsx';
import { dutyOf } from './duty.ts';
import { describeMoment, isOver } from './learning/moment.ts';
import { TakePart } from './learning/take-part.tsx';
import { History } from './ledger/history.tsx';
import { Ledger } from './ledger/ledger.tsx';
import { receiptsOf } from './ledger/receipts.ts';
import { Rounds } from './ledger/rounds.tsx';
import { useRecords } from './ledger/use-records.ts';
import { holdDuty } from './memory/busy-tabs.ts';
import { onForgottenElsewhere } from './memory/forgetting.ts';
import { ForgettingPage, ForgottenElsewhere } from './memory/forgetting-page.tsx';
import { KeptHere } from './memory/kept-here.tsx';
import { useKeptExamples } from './memory/use-kept-examples.ts';
import { YourExamples } from './memory/your-examples.tsx';
import { ModelSection } from './model/model-section.tsx';
import type { PageOptions } from './page-options.ts';
import { type Step, stepStates } from './step-states.ts';
import { Steps, sectionOf } from './steps.tsx';
import { ChangedTerms } from './trust/changed-terms.tsx';
import { Protection } from './trust/protection.tsx';

interface TaskPageProps {
  view: TaskView;
  pins: Pins;
  options: PageOptions;
  /** The address bar holds another link than the one that this tab takes part under. */
  isOtherLink: boolean;
  /** Told whether somebody takes part under the present link. */
  onHoldLink: (isHeld: boolean) => void;
  /** Told whether news comes by itself. */
  onConnected: (isConnected: boolean) => void;
}

/** The whole of taking part, on one page. Its state stands in data attributes too, for tests and kiosks. */
export function TaskPage({ view, pins, options, isOtherLink, onHoldLink, onConnected }: TaskPageProps) {
  const { t } = useTranslation('trust');
  const { session, state } = useSession();
  const [data, setData] = useState<Dataset | null>(null);
  // Should the task change while the page is open, what was chosen before is of the one before.
  const [readBy] = useState(() => examplesHash(view.task));
  const { participant } = state;
  // Once it has left, the session hears nothing new.
  const status = (state.stage !== 'apart' && participant?.status) || view.status;
  const moment = describeMoment(useTranslation('learning').t, state, status);
  // Of whoever was talked to, should another coordinator answer here now.
  const coordinator = participant?.coordinator ?? view.coordinator;
  const place = useMemo(() => ({ coordinator, task: view.task.id }), [coordinator, view.task.id]);
  const records = useRecords(place, options.device, participant, state.stage === 'joined');
  const published = participant?.outcomes.filter(({ kind }) => kind === 'published').length ?? 0;
  const disagreement = (state.stage === 'joined' && participant?.disagreement) || null;
  const steps = stepStates({
    hasExamples: data !== null,
    joined: state.stage !== 'apart',
    published,
    underWay: state.stage !== 'apart' && (disagreement !== null || !isOver(status)),
  });
  const { seat = null, dutyUntil = null } = (state.stage === 'joined' && participant) || {};
  const duty = useMemo(() => dutyOf({ seat, dutyUntil }), [seat, dutyUntil]);
  const apart = state.stage === 'apart';
  useEffect(() => {
    onHoldLink(!apart);
    return () => onHoldLink(false);
  }, [apart, onHoldLink]);
  const isConnected = state.stage === 'joined' && participant?.connection === 'connected';
  useEffect(() => {
    onConnected(isConnected);
    return () => onConnected(false);
  }, [isConnected, onConnected]);
  useEffect(() => (duty ? holdDuty(duty) : undefined), [duty]);
  const join = (examples: Dataset) => {
    const { backend, device } = options;
    void session.join({
      task: view.task.id,
      pins,
      terms: termsOfTask(view, pins),
      data: examples,
      examples: readBy,
      backend,
      device,
    });
  };
  const leave = async () => {
    examples.leave();
    await session.leave();
  };
  const examples = useKeptExamples({
    view,
    options,
    joined: state.stage !== 'apart',
    data,
    onChoose: setData,
    onReturn(found) {
      setData(found);
      join(found);
    },
  });
  const [unique, setUnique] = useState(false);
  const [forgetting, setForgetting] = useState<'here' | 'elsewhere' | null>(null);
  useEffect(() => {
    if (forgetting !== null) return;
    return onForgottenElsewhere(() => void session.leave().then(() => setForgetting('elsewhere')));
  }, [session, forgetting]);
  useFocusKept('examples', data !== null);
  useFocusKept('part', state.stage !== 'apart');
  useUnloadQuestion(forgetting === null && (duty !== null || (unique && !examples.state.following)));
  useRefreshAt(
    view.task.id,
    `${apart}/${status.run}/${status.state}/${status.history.length}/${participant?.outcomes.length}`,
  );

  if (forgetting === 'here') return <ForgettingPage />;
  if (forgetting === 'elsewhere') return <ForgottenElsewhere />;
  return (
    <main
      data-testid="participant"
      data-stage={state.stage}
      data-moment={moment.name}
      data-connection={participant?.connection ?? 'off'}
      data-phase={participant?.phase ?? 'idle'}
      data-round={participant?.plan?.plan.round ?? 0}
      data-device={participant?.device ?? ''}
      data-duty={duty !== null}
      data-published={published}
      data-included={
        participant?.receipts.filter(({ included, problems }) => included && problems.length === 0).length ?? 0
      }
      className="mx-auto max-w-6xl px-5 py-8 sm:py-12"
    >
      <NewVersionNotice busy={state.stage !== 'apart'} examples={data !== null} />
      {isOtherLink && (
        <div className="mb-8">
          <Notice tone="warn" title={t('link.other')} testId="other-link">
            {t('link.otherHint')}
          </Notice>
        </div>
      )}
      <About view={view} status={status} />
      <Steps states={steps} moment={state.stage === 'apart' ? null : moment} />
      {/* On a small screen, what leaves and who could open it comes right after joining; on a large one it stands beside everything. */}
      <div className="mt-5 grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem] lg:grid-rows-[auto_1fr]">
        <div className="grid min-w-0 gap-5">
          <StepSection step="examples">
            <YourExamples task={view.task} data={data} joined={!apart} examples={examples} onChoose={setData}>
              <DataChoice view={view} options={options} data={data} onChoose={setData} onUnique={setUnique} />
            </YourExamples>
          </StepSection>
          <StepSection step="part">
            {disagreement && (
              <ChangedTerms
                disagreement={disagreement}
                onAgree={() => void session.agree()}
                onLeave={() => void leave()}
              />
            )}
            <TakePart
              state={state}
              moment={moment}
              status={status}
              data={data}
              device={options.device}
              backend={options.backend}
              onJoin={() => data && join(data)}
              onWithdraw={() => void session.withdraw()}
              onPause={() => void session.pause()}
              onResume={session.resume}
              onChooseBackend={(wish) => void session.chooseBackend(wish)}
              onTestBackends={() => void session.testBackends()}
              onLeave={() => void leave()}
            />
          </StepSection>
        </div>
        <div className="min-w-0 lg:col-start-2 lg:row-span-2 lg:row-start-1">
          <Protection view={view} pins={pins} participant={participant} agreement={records?.agreement ?? null} />
        </div>
        <div className="grid min-w-0 gap-5">
          {view.run && <Rounds run={view.run} receipts={receiptsOf(participant, records)} />}
          <StepSection step="left">
            {records && (
              <>
                <History
                  place={place}
                  device={options.device}
                  pins={pins}
                  rounds={records.history}
                  run={view.run?.run ?? null}
                />
                <Ledger place={place} device={options.device} records={records} />
              </>
            )}
          </StepSection>
          <StepSection step="model">
            <ModelSection view={view} options={options} data={data} />
          </StepSection>
          <KeptHere
            joined={state.stage !== 'apart'}
            duty={duty}
            event={`${state.stage}/${participant?.outcomes.length}/${examples.state.kept?.at}`}
            onForget={() => void leave().then(() => setForgetting('here'))}
          />
        </div>
      </div>
    </main>
  );
}

/** Where a step of the way is to be found. */
function StepSection({ step, children }: { step: Step; children: ReactNode }) {
  return (
    <div
      id={sectionOf(step)}
      tabIndex={-1}
      className="grid min-w-0 scroll-mt-28 gap-5 outline-none empty:hidden has-[>[hidden]:only-child]:hidden"
    >
      {children}
    </div>
  );
}

/** Fetches the rounds of the run anew when the session hears of another. */
function useRefreshAt(task: string, event: string): void {
  const client = useQueryClient();
  const last = useRef(event);
  useEffect(() => {
    if (last.current === event) return;
    last.current = event;
    void client.invalidateQueries({ queryKey: taskQuery(task).queryKey });
  }, [client, task, event]);
}

/** A button that is gone once it was pressed leaves the focus nowhere: it goes on to the heading of what came of it. */
function useFocusKept(step: Step, event: unknown): void {
  const last = useRef(event);
  useEffect(() => {
    if (last.current === event) return;
    last.current = event;
    if (document.activeElement === null || document.activeElement === document.body)
      document.querySelector<HTMLElement>(`#${sectionOf(step)} h2`)?.focus({ preventScroll: true });
  }, [step, event]);
}

/** The browser asks before closing, but only where that would harm the round or lose what exists nowhere else. */
function useUnloadQuestion(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [active]);
}
