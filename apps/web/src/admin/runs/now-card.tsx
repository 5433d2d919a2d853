import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Card } from '../../ui/card.tsx';
import { liveQuery } from '../frame/live.ts';
import { Now } from './now.tsx';

/** What is under way in the task, in short, with the way to all of it. */
export function NowCard({ task, run }: { task: string; run: string }) {
  const { data: live } = useQuery(liveQuery(task));
  if (!live) return null;
  return (
    <Card
      title="Under way"
      testId="run"
      aside={
        <Link className="text-accent underline underline-offset-4" to={`/admin/t/${task}/runs/${run}`}>
          {run}
        </Link>
      }
    >
      <Now live={live} />
    </Card>
  );
}
