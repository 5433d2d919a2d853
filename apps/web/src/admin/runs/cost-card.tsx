import type { RunPreview } from '@sotto/protocol/admin/runs';
import type { ReactNode } from 'react';
import { Card } from '../../ui/card.tsx';
import {
  formatBytes,
  formatCount,
  formatDecimal,
  formatDuration,
  formatExact,
  formatPlural,
  formatSpent,
} from '../../ui/quantity.ts';

/** What the run will cost: bytes, time, and what it tells of each device. */
export function CostCard({ preview }: { preview: RunPreview | null }) {
  return (
    <Card title="What it costs" testId="cost">
      {preview ? (
        <Costs preview={preview} />
      ) : (
        <p className="text-sm text-muted">Told once the settings fit together.</p>
      )}
    </Card>
  );
}

function Costs({ preview }: { preview: RunPreview }) {
  const { config, parameters, uploadBytes, modelBytes, privacy, nMax, lanes, lambda, rotated } = preview;
  const rounds = privacy?.rounds ?? config.rounds;
  return (
    <dl className="space-y-3 text-sm">
      <Cost name="Each device sends in a round">
        <strong data-testid="upload-bytes">{formatBytes(uploadBytes)}</strong>
        <Note>
          {formatDecimal(preview.ciphertextBytes / parameters, 2)} bytes a weight, and{' '}
          {formatPlural(preview.members, 'sealed box', 'sealed boxes')} for the committee
        </Note>
      </Cost>
      <Cost name="Each device fetches in a round">
        {formatBytes(modelBytes)}
        <Note>{formatCount(parameters)} weights</Note>
      </Cost>
      <Cost name="The server receives">
        {formatBytes(uploadBytes * config.cohort.least)} a round at the least
        <Note>
          {formatBytes(uploadBytes * config.cohort.least * rounds)} in {formatPlural(rounds, 'round')} of{' '}
          {formatPlural(config.cohort.least, 'device')}
        </Note>
      </Cost>
      <Cost name="A round lasts">
        {formatDuration(preview.longestRoundMs)} at the most
        <Note>it ends as soon as all are done</Note>
      </Cost>
      <Cost name="Privacy">
        {privacy ? (
          <>
            ε = <strong>{formatSpent(privacy.atEnd)}</strong> after {formatPlural(privacy.rounds, 'round')}
            <Note>
              {formatSpent(privacy.oneRound)} for one; δ = {formatExact(privacy.delta)}; noise{' '}
              {formatDecimal(privacy.noiseMultiplier, 2)} times what one device can add, counting on{' '}
              {formatPlural(privacy.contributors, 'honest device')}
            </Note>
            {privacy.rounds < config.rounds && (
              <span className="font-medium text-warn">
                Not {formatCount(config.rounds)} rounds: the budget is spent before.
              </span>
            )}
          </>
        ) : (
          <>
            No noise
            <Note>only sums of {formatPlural(config.minimumCohort, 'device')} or more are ever opened</Note>
          </>
        )}
      </Cost>
      <Cost name="Precision">
        {formatCount(2 * lambda + 1)} levels a weight
        <Note>
          {formatPlural(lanes, 'weight')} to a coefficient{rotated ? ', rotated' : ''}; room for{' '}
          {formatPlural(nMax, 'contributor')} in a sum
        </Note>
      </Cost>
    </dl>
  );
}

function Cost({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-muted">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Note({ children }: { children: ReactNode }) {
  return <span className="block text-muted">{children}</span>;
}
