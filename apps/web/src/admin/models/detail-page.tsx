import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { formatBytes, formatCount, formatDate, formatDecimal, formatShare } from '../../ui/quantity.ts';
import { Stat } from '../../ui/stat.tsx';
import { CommandLine } from '../frame/command-line.tsx';
import { useTask } from '../frame/context.ts';
import { PageHead } from '../frame/page-head.tsx';
import { Downloads } from './downloads.tsx';
import { EvaluationCard } from './evaluation-card.tsx';
import { GoOn } from './go-on.tsx';
import { Lineage } from './lineage.tsx';
import { ModelCard } from './model-card.tsx';
import { PinButton } from './pin-button.tsx';
import { modelQuery } from './queries.ts';
import { Trouble } from './trouble.tsx';
import { nameOf } from './wording.ts';

/** `/admin/t/:task/models/:model`: one version. */
export function ModelDetailPage() {
  const { model = '' } = useParams();
  const { id, title } = useTask();
  const { data, error, refetch } = useQuery(modelQuery(id, model));
  const back = (
    <Link className="text-sm text-accent underline underline-offset-4" to={`/admin/t/${id}/models`}>
      All versions
    </Link>
  );
  if (error && !data)
    return (
      <div className="space-y-5">
        <PageHead title="Model" actions={back} />
        <Trouble error={error} onRetry={() => void refetch()} />
      </div>
    );
  if (!data) return null;
  const { version, pinned, bytes, parameters, begun } = data;
  const { run, transcript } = version;
  return (
    <div className="space-y-5" data-testid="model-detail" data-model={model}>
      <PageHead title={`${nameOf(version)} of ${run}`} name={`Model of ${title}`} actions={back}>
        Made {formatDate(version.made)}. <Fingerprint of={model} />
        {pinned && ' · Participants are offered this version.'}
        {begun.length > 0 && ` · ${begun.join(', ')} went on from it.`}
      </PageHead>
      <dl className="grid grid-cols-2 gap-5 sm:grid-cols-5">
        <Stat name="Right">{formatShare(version.testAccuracy)}</Stat>
        <Stat name="Loss">{formatDecimal(version.testLoss, 3)}</Stat>
        <Stat name="Updates">{transcript === null ? '–' : formatCount(version.contributors)}</Stat>
        <Stat name="Weights">{parameters === null ? 'unknown' : formatCount(parameters)}</Stat>
        <Stat name="File">{formatBytes(bytes)}</Stat>
      </dl>
      <CommandLine words={['model', 'show', id, model.slice(0, 12)]} label="This page from a shell" />
      <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="grid min-w-0 gap-5">
          <EvaluationCard version={version} evaluation={data.evaluation} />
          <Lineage model={model} />
          <ModelCard model={model} />
        </div>
        <div className="grid min-w-0 gap-5">
          <PinButton detail={data} />
          <GoOn detail={data} />
          <Downloads version={version} />
        </div>
      </div>
    </div>
  );
}
