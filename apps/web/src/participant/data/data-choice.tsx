import { Tabs } from '@base-ui/react/tabs';
import { concatDatasets, type Dataset } from '@sotto/learner/dataset';
import type { TaskView } from '@sotto/protocol/views';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { formatCount } from '../../ui/quantity.ts';
import type { PageOptions } from '../page-options.ts';
import { DataPreview } from './data-preview.tsx';
import { Excerpts } from './excerpts.tsx';
import { SampleSource } from './sample-source.tsx';
import { type Source, sourcesOf } from './sources.ts';

interface DataChoiceProps {
  view: TaskView;
  options: PageOptions;
  data: Dataset | null;
  onChoose: (data: Dataset | null) => void;
  /** Told whether there are examples that exist nowhere but here: drawn, photographed or written. */
  onUnique: (unique: boolean) => void;
}

type Place = 'sample' | Source['id'];

interface Chosen {
  /** Instead of one's own, which is kept meanwhile. */
  readonly sample: Dataset | null;
  readonly own: Readonly<Partial<Record<Source['id'], Dataset>>>;
}

const NOTHING: Chosen = { sample: null, own: {} };

/** What this device learns from: a part of the sample data, or the person's own, from as many sources as they like. All stay in the page. */
export function DataChoice({ view, options, data, onChoose, onUnique }: DataChoiceProps) {
  const { t } = useTranslation('data');
  const { task, sampleExamples } = view;
  const sources = sourcesOf(task);
  const places: Place[] = [...(sampleExamples > 0 ? (['sample'] as const) : []), ...sources.map(({ id }) => id)];
  const [place, setPlace] = useState<Place>(places[0]!);
  // A source begins when it is first looked at, and keeps what it has from then on.
  const [visited, setVisited] = useState<ReadonlySet<Place>>(new Set([place]));
  const [{ sample, own }, setChosen] = useState(NOTHING);
  // A source that reads for long tells of it later: what it brings must add to the latest.
  const latest = useRef(NOTHING);

  function choose(change: Partial<Chosen>): void {
    latest.current = { ...latest.current, ...change };
    setChosen(latest.current);
    const all = Object.values(latest.current.own);
    onChoose(latest.current.sample ?? (all.length > 1 ? concatDatasets(all) : (all[0] ?? null)));
  }

  const [unique, setUnique] = useState<ReadonlySet<Source['id']>>(new Set());
  const anyUnique = unique.size > 0;
  useEffect(() => {
    onUnique(anyUnique);
    return () => onUnique(false);
  }, [onUnique, anyUnique]);

  function takeOwn(id: Source['id'], part: Dataset | null, hasUnique: boolean): void {
    setUnique((before) => new Set([...before, id].filter((other) => other !== id || hasUnique)));
    const { [id]: _, ...others } = latest.current.own;
    choose({ own: part ? { ...others, [id]: part } : others });
  }

  const sampleInUse = sample !== null && sample === data;
  return (
    <Card title={t('title')} aside={t('stay')} testId="data">
      {sampleInUse && (
        <div className="space-y-5">
          <p data-testid="data-ready">{t('sample.ready', { count: sample.labels.length })}</p>
          <DataPreview task={task} data={sample} />
          <Excerpts view={view} />
          <Button onClick={() => choose({ sample: null })}>{t('sample.others')}</Button>
        </div>
      )}
      <Tabs.Root
        value={place}
        hidden={sampleInUse}
        onValueChange={(next: Place) => {
          setPlace(next);
          setVisited(new Set([...visited, next]));
        }}
        className="space-y-5"
      >
        {places.length > 1 && (
          <Tabs.List
            activateOnFocus
            aria-label={t('sources.label')}
            className={`${places.length === 4 ? 'grid grid-cols-2 sm:flex' : 'flex flex-wrap'} gap-1 rounded-xl bg-sunken p-1 text-sm`}
          >
            {places.map((id) => (
              <Tabs.Tab
                key={id}
                value={id}
                data-source={id}
                className="min-h-10 flex-1 rounded-lg px-3 font-medium whitespace-nowrap text-muted hover:text-ink data-active:bg-surface data-active:text-ink data-active:shadow-xs"
              >
                {t(`sources.${id}`)}
                {id !== 'sample' && own[id] && (
                  <span className="ml-2 text-accent">{formatCount(own[id].labels.length)}</span>
                )}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        )}
        {places[0] === 'sample' && (
          <Tabs.Panel value="sample">
            <SampleSource view={view} options={options} onSample={(part) => choose({ sample: part })} />
          </Tabs.Panel>
        )}
        {sources.map(({ id, Component }) => (
          <Tabs.Panel key={id} value={id} keepMounted>
            {visited.has(id) && (
              <Component
                task={task}
                active={place === id && !sampleInUse}
                onChange={(part, hasUnique = false) => takeOwn(id, part, hasUnique)}
              />
            )}
          </Tabs.Panel>
        ))}
      </Tabs.Root>
      {!sampleInUse && data && Object.keys(own).length > 1 && (
        <div className="mt-6 space-y-4 border-t border-line pt-5" data-testid="data-total">
          <p className="font-medium">{t('total', { count: data.labels.length })}</p>
          <DataPreview task={task} data={data} />
        </div>
      )}
    </Card>
  );
}
