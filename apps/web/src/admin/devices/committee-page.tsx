import { committeeSizes } from '@sotto/fl-core/committee-health';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { FailedRequest } from '../../api/failed-request.tsx';
import { buttonLook } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Stat } from '../../ui/stat.tsx';
import { CommandLine } from '../frame/command-line.tsx';
import { useAdmin, useTask } from '../frame/context.ts';
import { Empty } from '../frame/empty.tsx';
import { PageHead } from '../frame/page-head.tsx';
import { useStudyKeys } from '../study/study-key.ts';
import { Candidates } from './candidates.tsx';
import { Members } from './members.tsx';
import { committeeQuery } from './queries.ts';
import { memberExpiry, seatOf } from './seats.ts';
import { Warnings } from './warnings.tsx';

/** `/admin/t/:task/committee`: who could open a sum. */
export function CommitteePage() {
  const { mayChange } = useAdmin();
  const { id: task, title } = useTask();
  const navigate = useNavigate();
  const query = useQuery(committeeQuery(task));
  const keys = useStudyKeys();
  const { data: committee, error } = query;
  const members = committee?.members ?? [];
  const seats = members.map((device) => seatOf(device, memberExpiry(device)));
  const names = new Map(members.map(({ device, name }) => [device, name]));
  const nameOf = (device: string) => names.get(device) || device.slice(0, 8);
  const sizes = committeeSizes(seats, Date.now());
  const signer = mayChange ? (keys?.signer ?? null) : null;
  return (
    <>
      <PageHead title="Committee" name={`Committee of ${title}`}>
        Its members open sums together. Fewer than a threshold of them learn nothing; that many could read one update.
      </PageHead>
      {error && !committee && <FailedRequest error={error} query={query} />}
      {committee && committee.choice !== 'named' && (
        <Drawn isDrawn={committee.choice === 'drawn'} has={members.length > 0} />
      )}
      {committee && keys && members.length === 0 && keys.standing !== 'held' && (
        <Empty
          title="No named members"
          testId="no-members"
          action={
            <Link to="/admin/study" className={buttonLook('primary')}>
              {keys.standing === 'none' ? 'Make a study key' : 'To the study key'}
            </Link>
          }
        >
          {keys.standing === 'none'
            ? 'First make a study key: it vouches for the devices that you choose.'
            : 'Members are certified with the study key. Load it into this browser, or certify from a shell.'}
        </Empty>
      )}
      {members.length > 0 && (
        <>
          <Card title="How plans will have it" testId="sizes">
            <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
              <Stat name="Members">{sizes.members}</Stat>
              <Stat name="Connected now">{sizes.here}</Stat>
              <Stat name="With all of them">{sizes.most ? `${sizes.most.t} of ${sizes.most.m}` : '–'}</Stat>
              <Stat name="At the least">{sizes.least ? `${sizes.least.t} of ${sizes.least.m}` : '–'}</Stat>
            </dl>
            <p className="mt-3 text-sm text-muted">
              “5 of 7”: seven are seated, any five open a sum, and two may be away. Each round seats whoever is
              connected.
            </p>
          </Card>
          <div className="space-y-3" data-testid="warnings">
            <Warnings seats={seats} nameOf={nameOf} />
          </div>
          <Members
            {...{ task, members, signer }}
            onOpen={(device) => void navigate(`/admin/t/${task}/devices?device=${device}`)}
          />
          {mayChange && keys && !signer && (
            <Notice tone="calm" title="This browser cannot certify">
              It does not hold the study key.{' '}
              <Link to="/admin/study" className="text-accent underline">
                Load it
              </Link>
              , or certify from a shell.
            </Notice>
          )}
        </>
      )}
      {committee && signer && <Candidates {...{ task, seats, signer, nameOf }} />}
      {committee && <CommandLine words={['device', 'committee', task]} />}
    </>
  );
}

function Drawn({ isDrawn, has }: { isDrawn: boolean; has: boolean }) {
  return (
    <Notice
      tone={isDrawn ? 'warn' : 'calm'}
      title={isDrawn ? 'The latest run draws its committee' : 'No run has chosen a committee yet'}
      testId="drawn"
    >
      A drawn committee is chosen by the coordinator from whoever takes part: participants have to trust it not to
      invent members.{' '}
      {has
        ? 'Start a run with a named committee, so that only devices certified here sit on it.'
        : 'With members certified here and a run with a named committee, they need not.'}
    </Notice>
  );
}
