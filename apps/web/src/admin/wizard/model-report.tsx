import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatBytes, formatCount, formatDecimal, formatDuration } from '../../ui/quantity.ts';
import { Stat } from '../../ui/stat.tsx';
import type { ModelState } from './use-built-model.ts';

/** What came of building the model and letting it learn from one batch, here. */
export function ModelReport({ model }: { model: ModelState }) {
  if (model.state === 'kept') return null;
  return (
    <Card title="Tried in this browser" testId="model-check">
      <div aria-live="polite" data-state={model.state === 'built' && model.batch ? 'tried' : model.state}>
        {model.state === 'building' && <p className="text-sm text-muted">Building the model …</p>}
        {model.state === 'refused' && <Notice tone="warn" title={model.reason} />}
        {model.state === 'built' && <Built model={model} />}
      </div>
    </Card>
  );
}

function Built({ model: { built, brought, batch } }: { model: Extract<ModelState, { state: 'built' }> }) {
  const loss = batch && 'loss' in batch ? batch : null;
  return (
    <div className="space-y-4">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 lg:grid-cols-4">
        <Stat name="Weights">{formatCount(built.parameters)}</Stat>
        <Stat name="Model file">{formatBytes(built.file.length)}</Stat>
        <Stat name="Loss of a batch">{loss ? formatDecimal(loss.loss, 3) : '…'}</Stat>
        <Stat name="One batch takes">
          {loss ? `${loss.ms < 1000 ? `${Math.ceil(loss.ms)} ms` : formatDuration(loss.ms)}, ${loss.backend}` : '…'}
        </Stat>
      </dl>
      {batch && 'failed' in batch && (
        <Notice tone="bad" title={`It was built, but could not learn here: ${batch.failed}`} />
      )}
      {batch === null && (
        <p className="text-sm text-muted">Learns from a batch of made-up examples once everything else is filled in.</p>
      )}
      <p className="text-sm text-muted">
        {brought
          ? 'Runs begin with the weights that came with it.'
          : 'Runs begin with weights drawn by the model’s own initialisers.'}
      </p>
      <details className="text-sm">
        <summary className="inline-block py-2 underline underline-offset-4">
          Its {formatCount(built.tensors.length)} tensors
        </summary>
        <ul className="mt-1 max-h-64 overflow-y-auto font-mono text-xs text-muted">
          {built.tensors.map(({ name, shape }) => (
            <li key={name}>
              {name} [{shape.join(', ')}]
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}
