import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Card } from '../../ui/card.tsx';
import { useAdmin } from '../frame/context.ts';

/** In a house where nothing was ever learned: what to do, in its order, and what of it is done. */
export function FirstSteps() {
  const { studyKey, tasks } = useAdmin();
  const open = tasks.filter(({ archived }) => !archived);
  const [first] = open;
  const present = open.some(({ status }) => status.present > 0);
  const page = `/admin/t/${(open.find(({ status }) => status.present > 0) ?? first)?.id}`;
  return (
    <Card title="First steps" testId="first-steps">
      <ol className="space-y-4">
        <Step done={first !== undefined} number={1} title={<Way to="/admin/new">Make a task</Way>}>
          What is learned, from which data, by which model.
          {first && <> Some are here already: take one of them to try things out.</>}
        </Step>
        <Step done={studyKey !== null} number={2} title={<Way to="/admin/study">Make a study key</Way>}>
          With it you vouch for the devices that may open sums together, and nobody has to trust this server. It can
          wait while you try things out.
        </Step>
        <Step
          done={present}
          number={3}
          title={first ? <Way to={`${page}/share`}>Invite devices</Way> : 'Invite devices'}
        >
          Share a link or QR code; whoever opens it takes part in a browser. Or add devices on this machine.
        </Step>
        <Step done={false} number={4} title={first ? <Way to={`${page}/launch`}>Start a run</Way> : 'Start a run'}>
          It waits until enough devices are here, then learns round by round while you watch.
        </Step>
      </ol>
    </Card>
  );
}

function Way({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link to={to} className="text-accent underline underline-offset-4">
      {children}
    </Link>
  );
}

interface StepProps {
  number: number;
  done: boolean;
  title: ReactNode;
  children: ReactNode;
}

function Step({ number, done, title, children }: StepProps) {
  return (
    <li className="flex gap-4">
      <span
        aria-hidden="true"
        className={`grid size-7 shrink-0 place-items-center rounded-full border text-sm font-semibold ${
          done ? 'border-accent bg-accent text-on-accent' : 'border-line-strong text-muted'
        }`}
      >
        {done ? '✓' : number}
      </span>
      <div className="min-w-0">
        <p className="font-medium">
          {title}
          {done && <span className="font-normal text-muted"> (done)</span>}
        </p>
        <p className="text-sm text-muted">{children}</p>
      </div>
    </li>
  );
}
