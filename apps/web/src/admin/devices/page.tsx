import type { DeviceEntry } from '@sotto/protocol/admin/devices';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { FailedRequest } from '../../api/failed-request.tsx';
import { command } from '../../api/request.ts';
import { buttonLook } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatCount, formatPlural } from '../../ui/quantity.ts';
import { useAction } from '../frame/action.ts';
import { CommandLine } from '../frame/command-line.tsx';
import { useAdmin, useTask } from '../frame/context.ts';
import { Empty } from '../frame/empty.tsx';
import { PageHead } from '../frame/page-head.tsx';
import { useStudyKeys } from '../study/study-key.ts';
import { ChosenBar } from './chosen-bar.tsx';
import type { Decide } from './decision.tsx';
import { Details } from './details.tsx';
import { DeviceTable } from './device-table.tsx';
import { Filters } from './filters.tsx';
import { listWords, readLooking, writeLooking } from './looking.ts';
import { devicesQuery, type Looking } from './queries.ts';

/** `/admin/t/:task/devices`: who takes part. What each of them learned stays sealed, so there is nothing of it to show. */
export function DevicesPage() {
  const { mayChange } = useAdmin();
  const { id: task, title } = useTask();
  const [address, setAddress] = useSearchParams();
  const looking = readLooking(address);
  const query = useQuery(devicesQuery(task, looking, 0));
  const { data: first, error } = query;
  const keys = useStudyKeys();
  const [chosen, setChosen] = useState<ReadonlyMap<string, DeviceEntry>>(new Map());
  const { busy, refusal, run } = useAction();
  const decide: Decide = ({ device }, verdict) =>
    void run(() => command('POST', '/api/admin/verdicts', { task, device, verdict }));
  // What is typed arrives later, and the address may say something else by then.
  const present = () => new URLSearchParams(window.location.search);
  const look = (change: Partial<Looking>) => setAddress(writeLooking(present(), change), { replace: true });
  const open = (device: string | null) => {
    const next = present();
    if (device === null) next.delete('device');
    else next.set('device', device);
    setAddress(next);
  };
  const choose = (device: DeviceEntry, is: boolean) => {
    const next = new Map(chosen);
    if (is) next.set(device.device, device);
    else next.delete(device.device);
    setChosen(next);
  };
  const opened = address.get('device');
  return (
    <>
      <PageHead title="Devices" name={`Devices of ${title}`}>
        Who takes part, and whom you let in. What a device learns is sealed: nothing of it can be shown here.
      </PageHead>
      {error && !first && <FailedRequest error={error} query={query} />}
      {first?.counts.all === 0 && (
        <Empty
          title="No devices yet"
          testId="no-devices"
          action={
            <Link to={`/admin/t/${task}/share`} className={buttonLook('primary')}>
              Share the link
            </Link>
          }
        >
          They appear here as soon as somebody opens the link and joins. To try it out, start some on this machine.
        </Empty>
      )}
      {first && first.counts.all > 0 && (
        <Card
          title={formatPlural(first.counts.all, 'device')}
          aside={`${formatCount(first.counts.connected)} connected`}
          testId="devices"
        >
          <Filters looking={looking} counts={first.counts} onChange={look} />
          {refusal && <Notice tone="bad" title={refusal} />}
          {mayChange && chosen.size > 0 && (
            <ChosenBar task={task} chosen={[...chosen.values()]} keys={keys} onDone={() => setChosen(new Map())} />
          )}
          {first.total === 0 ? (
            <p className="py-8 text-center text-muted">No device is like that. Search for less, or show all.</p>
          ) : (
            <DeviceTable
              {...{ task, looking, first, chosen }}
              onChoose={choose}
              onOpen={open}
              onDecide={decide}
              disabled={busy || !mayChange}
            />
          )}
          <div className="mt-4">
            <CommandLine words={listWords(task, looking)} />
          </div>
        </Card>
      )}
      {opened !== null && /^[0-9a-f]{64}$/.test(opened) && first && (
        <Details
          {...{ task, keys, mayChange }}
          device={opened}
          admission={first.admission}
          onDecide={decide}
          onClose={() => open(null)}
        />
      )}
    </>
  );
}
