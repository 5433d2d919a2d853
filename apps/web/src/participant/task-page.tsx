import type { Dataset } from '@sotto/learner/dataset';
import type { Pins } from '@sotto/protocol/invite';
import type { TaskView } from '@sotto/protocol/views';
import { useEffect, useState } from 'react';
import { useSession } from '../session/use-session.ts';
import { About } from './about.tsx';
import { DataChoice } from './data-choice.tsx';
import { Ledger } from './ledger.tsx';
import { describeMoment } from './moment.ts';
import type { PageOptions } from './page-options.ts';
import { Protection } from './protection.tsx';
import { Rounds } from './rounds.tsx';
import { TakePart } from './take-part.tsx';

interface TaskPageProps {
  view: TaskView;
  pins: Pins;
  options: PageOptions;
}

/** The whole of taking part, on one page. Its state stands in data attributes too, for tests and kiosks. */
export function TaskPage({ view, pins, options }: TaskPageProps) {
  const { session, state } = useSession();
  const [data, setData] = useState<Dataset | null>(null);
  const { participant } = state;
  const status = participant?.status ?? view.status;
  const moment = describeMoment(state, view.status);
  const onDuty = state.stage === 'joined' && participant !== null && participant.dutyUntil !== null;
  useUnloadQuestion(onDuty);

  return (
    <main
      data-testid="participant"
      data-stage={state.stage}
      data-moment={moment.name}
      data-connection={participant?.connection ?? 'off'}
      data-phase={participant?.phase ?? 'idle'}
      data-round={participant?.plan?.plan.round ?? 0}
      data-device={participant?.device ?? ''}
      data-duty={onDuty}
      data-published={participant?.outcomes.filter(({ kind }) => kind === 'published').length ?? 0}
      data-included={
        participant?.receipts.filter(({ included, problems }) => included && problems.length === 0).length ?? 0
      }
      className="mx-auto max-w-6xl px-5 py-8 sm:py-12"
    >
      <About view={view} status={status} />
      <div className="mt-8 grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="grid min-w-0 gap-5">
          {state.stage === 'apart' && <DataChoice view={view} options={options} data={data} onChoose={setData} />}
          <TakePart
            state={state}
            moment={moment}
            status={status}
            data={data}
            onJoin={() => data && void session.join({ task: view.task.id, pins, data, backend: options.backend })}
            onLeave={() => void session.leave()}
          />
          <Rounds
            history={status.history}
            rounds={status.rounds}
            participant={participant}
            initial={view.run?.initial ?? null}
          />
          {participant && <Ledger entries={participant.ledger} />}
        </div>
        <Protection view={view} pins={pins} participant={participant} />
      </div>
    </main>
  );
}

/** The browser asks before closing, but only while closing would harm the round. */
function useUnloadQuestion(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [active]);
}
