import { deviceIdOf } from '@sotto/protocol/ids';
import type { Metadatum } from '@sotto/protocol/plan';
import type { RoundEvidence } from '@sotto/protocol/transcript';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { formatCount, formatDate, formatPlural } from '../../ui/quantity.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';

const DEVICES_AT_ONCE = 60;
const CHOICE = {
  drawn: 'drawn from the cohort: the coordinator is trusted not to invent members',
  named: 'named',
} as const;

/** What contributors count besides, summed over all of them. */
const COUNTED: Readonly<Record<Metadatum['name'], string>> = {
  examples: 'Examples learned from',
  correct: 'Of these, answered right',
  lossMilli: 'Loss on them, in thousandths',
  saturated: 'Coordinates cut off',
  norm: 'Sizes of updates, in parts of the clip',
};

/** One sum: who was on its committee and what each of them did, and whose updates are in it. */
export function Part({ part }: { part: RoundEvidence }) {
  const { plan } = part.plan;
  const { members, threshold, choice } = plan.committee;
  const done = (list: readonly { readonly x: number }[]) => new Set(list.map(({ x }) => x));
  const [answered, voted, opened] = [done(part.answers), done(part.votes), done(part.openings)];
  const dropped = part.candidates.length - part.contributors.length;
  const kept = 'kept' in part ? part.kept : true;
  return (
    <Card
      title={plan.group === 0 ? 'The sum' : `The sum of group ${plan.group}`}
      aside={kept ? undefined : 'left out: it made the model worse'}
      testId="part"
    >
      <p className="text-sm text-muted">
        Opened by any {threshold} of {members.length} committee members{choice && `, ${CHOICE[choice]}`}. Sum{' '}
        <Fingerprint of={part.sum} />.
      </p>
      <ScrollRegion label={plan.group === 0 ? 'Committee' : `Committee of group ${plan.group}`} className="mt-4">
        <table className="w-full min-w-[34rem] text-left text-sm">
          <thead className="text-muted">
            <tr className="border-b border-line">
              <th className="py-2 pr-4 font-medium">Member</th>
              <th className="py-2 pr-4 font-medium">Device</th>
              <th className="py-2 pr-4 font-medium">Certificate</th>
              <th className="py-2 pr-4 font-medium">Checked</th>
              <th className="py-2 pr-4 font-medium">Voted</th>
              <th className="py-2 font-medium">Opened</th>
            </tr>
          </thead>
          <tbody>
            {members.map(({ key, certificate }, i) => (
              <tr key={key} className="border-b border-line last:border-0">
                <td className="py-2 pr-4">{i + 1}</td>
                <td className="py-2 pr-4">
                  <Fingerprint of={deviceIdOf(key)} />
                </td>
                <td className="whitespace-nowrap py-2 pr-4">
                  {certificate ? `until ${formatDate(certificate.expiry)}` : <span className="text-muted">none</span>}
                </td>
                {[answered, voted, opened].map((places, column) => (
                  <td key={column} className="py-2 pr-4">
                    {places.has(i + 1) ? 'yes' : <span className="text-muted">no</span>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <h3 className="mt-6 font-medium">
        {formatPlural(part.contributors.length, 'contributor')}
        {dropped > 0 && (
          <span className="font-normal text-muted">
            {' '}
            · {formatPlural(dropped, 'update')} could not be used and {dropped === 1 ? 'is' : 'are'} in no sum
          </span>
        )}
      </h3>
      <Devices ids={part.contributors} />
      {part.metadata.length > 0 && (
        <dl className="mt-5 flex flex-wrap gap-x-6 gap-y-1 border-t border-line pt-4 text-sm">
          {plan.encoding.metadata.map(({ name }, i) => (
            <div key={name} className="flex gap-2">
              <dt className="text-muted">{COUNTED[name]}</dt>
              <dd>{formatCount(part.metadata[i] ?? 0)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  );
}

function Devices({ ids }: { ids: readonly string[] }) {
  const [count, setCount] = useState(DEVICES_AT_ONCE);
  return (
    <>
      <ul className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-sm">
        {ids.slice(0, count).map((id) => (
          <li key={id}>
            <Fingerprint of={id} groups={2} />
          </li>
        ))}
      </ul>
      {count < ids.length && (
        <Button look="quiet" className="mt-2" onClick={() => setCount((before) => before + 10 * DEVICES_AT_ONCE)}>
          Show more ({formatCount(ids.length - count)})
        </Button>
      )}
    </>
  );
}
