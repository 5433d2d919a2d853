import type { LedgerEntry, Nature } from '@sotto/participant/ledger';
import { Card } from '../../ui/card.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { formatBytes, formatClock, formatPlural } from '../../ui/quantity.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { groupLedger } from './ledger-groups.ts';

const NATURE: Record<Nature, string> = {
  ciphertext: 'sealed',
  public: 'public',
  signature: 'signature',
  committee: 'committee answer',
};

const MEANING: Record<Nature, string> = {
  ciphertext: 'Encrypted on this device, under a key that is used once.',
  public: 'Public keys and round numbers.',
  signature: 'Proof that a message is from this device.',
  committee: 'What a committee member says of sealed key shares: masked, and summed before it is opened.',
};

/** Every message that left the tab, with sizes and digests. */
export function Ledger({ entries }: { entries: readonly LedgerEntry[] }) {
  const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  const natures = (Object.keys(NATURE) as Nature[]).map((nature) => ({
    nature,
    bytes: entries.filter((entry) => entry.nature === nature).reduce((sum, { bytes }) => sum + bytes, 0),
  }));
  return (
    <Card
      title="What left this tab"
      testId="ledger"
      aside={
        <span data-testid="ledger-total" data-bytes={total}>
          {formatPlural(entries.length, 'message')}, {formatBytes(total)}
        </span>
      }
    >
      <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
        {natures.map(({ nature, bytes }) => (
          <div key={nature} title={MEANING[nature]}>
            <dt className="text-sm text-muted">{NATURE[nature]}</dt>
            <dd className="font-semibold">{formatBytes(bytes)}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-4 text-sm text-muted">
        No example, no label, no plain update. Besides these messages, the page only fetches public files by their
        names.
      </p>
      {entries.length > 0 && (
        <details className="mt-4" open>
          <summary className="text-sm font-medium">Every message</summary>
          <ScrollRegion label="Messages that left this tab" className="mt-3 max-h-96 rounded-lg border border-line">
            <table className="w-full min-w-[34rem] text-left text-sm">
              <thead className="sticky top-0 bg-surface text-muted">
                <tr className="border-b border-line">
                  <th className="px-3 py-2 font-medium">When</th>
                  <th className="px-3 py-2 font-medium">What</th>
                  <th className="px-3 py-2 font-medium">Nature</th>
                  <th className="px-3 py-2 text-right font-medium">Size</th>
                  <th className="px-3 py-2 font-medium">SHA-256</th>
                </tr>
              </thead>
              <tbody>
                {groupLedger(entries).map(({ first, count, bytes, what }) => (
                  <tr key={`${first.at}/${first.digest}`} className="border-b border-line last:border-0">
                    <td className="whitespace-nowrap px-3 py-1.5 text-muted">{formatClock(first.at)}</td>
                    <td className="px-3 py-1.5">
                      {what}
                      {count > 1 && <span className="text-muted"> × {count}</span>}
                    </td>
                    <td className="px-3 py-1.5">{NATURE[first.nature]}</td>
                    <td className="whitespace-nowrap px-3 py-1.5 text-right">{formatBytes(bytes)}</td>
                    <td className="px-3 py-1.5 text-muted">
                      <Fingerprint of={first.digest} groups={2} />
                      {count > 1 && ' …'}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollRegion>
        </details>
      )}
    </Card>
  );
}
