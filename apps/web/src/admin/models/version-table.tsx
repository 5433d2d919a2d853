import type { ModelVersion } from '@sotto/protocol/admin/models';
import { Link } from 'react-router';
import { formatCount, formatDate, formatDecimal, formatShare } from '../../ui/quantity.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { useTask } from '../frame/context.ts';
import { modelPath } from './queries.ts';
import { nameOf } from './wording.ts';

interface VersionTableProps {
  versions: readonly ModelVersion[];
  pinned: string | null;
  chosen: readonly string[];
  onChoose: (model: string, on: boolean) => void;
}

/** One version a row; those that are ticked can be compared. */
export function VersionTable({ versions, pinned, chosen, onChoose }: VersionTableProps) {
  const { id } = useTask();
  return (
    <ScrollRegion label="Table of versions">
      <table className="w-full min-w-[42rem] text-left text-sm">
        <thead className="text-muted">
          <tr className="border-b border-line">
            <th className="w-8 py-2">
              <span className="sr-only">Compare</span>
            </th>
            <th className="py-2 pr-4 font-medium">Version</th>
            <th className="py-2 pr-4 text-right font-medium">Right</th>
            <th className="py-2 pr-4 text-right font-medium">Loss</th>
            <th className="py-2 pr-4 text-right font-medium">Updates</th>
            <th className="py-2 pr-4 font-medium">Made</th>
            <th className="py-2 font-medium">Hash</th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version) => (
            <tr key={version.model} className="border-b border-line last:border-0" data-testid="version">
              <td className="py-2">
                <input
                  type="checkbox"
                  aria-label={`Compare ${nameOf(version)}`}
                  className="size-4 accent-(--accent)"
                  checked={chosen.includes(version.model)}
                  onChange={({ target }) => onChoose(version.model, target.checked)}
                />
              </td>
              <td className="py-2 pr-4">
                <Link
                  className="font-medium text-accent underline underline-offset-4"
                  to={modelPath(id, version.model)}
                >
                  {nameOf(version)}
                </Link>
                {version.model === pinned && (
                  <span className="ml-2 rounded-full bg-accent-soft px-2 py-0.5 text-xs font-medium text-accent-strong">
                    pinned
                  </span>
                )}
                <span className="block text-xs text-muted">{version.run}</span>
              </td>
              <td className="py-2 pr-4 text-right">{formatShare(version.testAccuracy)}</td>
              <td className="py-2 pr-4 text-right">{formatDecimal(version.testLoss, 3)}</td>
              <td className="py-2 pr-4 text-right">
                {version.transcript === null ? '–' : formatCount(version.contributors)}
              </td>
              <td className="py-2 pr-4">{formatDate(version.made)}</td>
              <td className="py-2 font-mono text-xs" title={version.model}>
                {version.model.slice(0, 12)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {versions.length === 0 && <p className="py-4 text-sm text-muted">This run has made no version.</p>}
    </ScrollRegion>
  );
}
