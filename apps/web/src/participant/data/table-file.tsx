import { entryOf } from '@sotto/learner/intake/entry';
import type { TableLayout } from '@sotto/learner/table/layout';
import type { TableMapping } from '@sotto/learner/table/mapping';
import type { TaskManifest } from '@sotto/protocol/task';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { formatBytes, formatCount } from '../../ui/quantity.ts';
import { ColumnMapping } from './column-mapping.tsx';
import { FaultList } from './fault-list.tsx';
import { FirstRows } from './first-rows.tsx';
import { foreignValues, sortNeeds } from './table-needs.ts';
import type { AddedTable } from './use-table-files.ts';
import { ValueMapping } from './value-mapping.tsx';

interface TableFileProps {
  task: TaskManifest;
  layout: TableLayout;
  table: AddedTable;
  onMap: (mapping: TableMapping) => void;
  /** Told whether the first line is a row like the others. */
  onHeadless: (headless: boolean) => void;
  onRemove: () => void;
}

/** One file: what is in it, what of it is meant, how far it is read, and what could not be used. */
export function TableFile({ task, layout, table, onMap, onHeadless, onRemove }: TableFileProps) {
  const { t } = useTranslation('data');
  const { name, file, opening, refused, mapping, progress, reading, problem } = table;
  const used = reading?.dataset?.labels.length ?? 0;
  // Values that nobody explained are asked for first: each of their rows on its own would say the same again.
  const asked =
    used === 0 && opening !== null && foreignValues(layout, opening, mapping, reading).some(({ open }) => open > 0);
  return (
    <article aria-label={name} className="space-y-4 rounded-xl border border-line p-4 sm:p-5" data-testid="table-file">
      <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h3 className="font-medium [overflow-wrap:anywhere]">{name}</h3>
          <p className="text-sm text-muted" role="status">
            {reading && !progress
              ? t('table.used', { count: used, number: formatCount(used), size: formatBytes(file.size) })
              : formatBytes(file.size)}
            {reading &&
              reading.leftOut > 0 &&
              `, ${t('table.leftOut', { count: reading.leftOut, number: formatCount(reading.leftOut) })}`}
          </p>
        </div>
        <Button onClick={onRemove} aria-label={t('table.removeNamed', { file: name })}>
          {t('table.remove')}
        </Button>
      </header>
      {opening?.coding === 'windows-1252' && <p className="text-sm text-muted">{t('table.guessed')}</p>}
      {refused && <FaultList faults={{ count: 1, first: [refused] }} />}
      {problem && <ProblemNotice title={t('table.problem')} problem={problem} />}
      {opening && <Mapping {...{ task, layout, table, opening, mapping, onMap, onHeadless }} />}
      {progress && (
        <ProgressBar
          label={t('table.reading', { file: name })}
          value={progress.total ? progress.done / progress.total : null}
        />
      )}
      {reading && !progress && !asked && <FaultList faults={reading.faults} total={used + reading.faults.count} />}
    </article>
  );
}

function Mapping({
  task,
  layout,
  table,
  opening,
  mapping,
  onMap,
  onHeadless,
}: Omit<TableFileProps, 'onRemove'> & { opening: NonNullable<AddedTable['opening']>; mapping: TableMapping }) {
  const { t } = useTranslation('data');
  const { asked, found, missing } = sortNeeds(layout, opening, mapping);
  const foreign = foreignValues(layout, opening, mapping, table.reading);
  const place = (name: string, at: number | null) =>
    onMap({
      ...mapping,
      places: { ...mapping.places, [name]: at },
      values: { ...mapping.values, [name]: {} },
    });
  const columns = { task, opening, mapping, onPlace: place };
  const values = (wasAsked: boolean) =>
    foreign
      .filter((one) => one.asked === wasAsked)
      .map(({ need, asked: _, ...rest }) => (
        <ValueMapping
          key={need.name}
          task={task}
          need={need}
          {...rest}
          onMean={(value, meaning) => {
            const { [value]: _, ...others } = entryOf(mapping.values, need.name) ?? {};
            const said = meaning === undefined ? others : { ...others, [value]: meaning };
            onMap({ ...mapping, values: { ...mapping.values, [need.name]: said } });
          }}
        />
      ));
  const foundValues = values(false);
  const headless = table.headless ?? opening.mapping.headless === true;
  return (
    <>
      {opening.format === 'csv' && (headless || missing > 0) && (
        <div className="space-y-1 text-sm" data-testid="headless">
          {headless && <p>{t('mapping.headless')}</p>}
          <label className="flex min-h-10 items-center gap-3">
            <input
              type="checkbox"
              className="size-5 accent-accent"
              checked={headless}
              onChange={({ target }) => onHeadless(target.checked)}
            />
            {t('mapping.firstLine')}
          </label>
        </div>
      )}
      {asked.length > 0 && (
        <Notice
          tone={missing > 0 ? 'warn' : 'calm'}
          title={missing > 0 ? t('mapping.missing', { count: missing }) : t('mapping.said')}
          testId="columns-missing"
        >
          {missing > 0 && <p>{t('mapping.missingHint')}</p>}
          <div className="mt-3">
            <ColumnMapping {...columns} needs={asked} />
          </div>
        </Notice>
      )}
      {values(true)}
      <FirstRows file={table.name} task={task} layout={layout} opening={opening} mapping={mapping} />
      {found.length > 0 && (
        <details className="text-sm" data-testid="columns-found">
          <summary className="inline-block py-2 underline underline-offset-4">
            {t('mapping.found', { count: found.length, number: formatCount(found.length) })}
          </summary>
          <div className="mt-2 space-y-4">
            <ColumnMapping {...columns} needs={found} />
            {foundValues}
          </div>
        </details>
      )}
    </>
  );
}
