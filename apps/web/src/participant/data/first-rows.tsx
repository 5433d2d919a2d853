import { checkCell } from '@sotto/learner/table/check';
import { needsOf, type TableLayout } from '@sotto/learner/table/layout';
import { placeOf, type TableMapping } from '@sotto/learner/table/mapping';
import type { TableOpening } from '@sotto/learner/table/reading';
import type { TaskManifest } from '@sotto/protocol/task';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../../ui/quantity.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { taskWords } from '../../words/task-words.ts';
import { useLanguage } from '../../words/words.ts';

interface FirstRowsProps {
  file: string;
  task: TaskManifest;
  layout: TableLayout;
  opening: TableOpening;
  mapping: TableMapping;
}

const SHOWN = 5;
const MOST_COLUMNS = 60;

/** The file's first rows, as far as they are used, with what cannot be used marked. */
export function FirstRows({ file, task, layout, opening: { columns, rows, mark }, mapping }: FirstRowsProps) {
  const { t } = useTranslation('data');
  const { columnTitle } = taskWords(task, useLanguage());
  const needs = needsOf(layout).flatMap((need) => {
    const at = placeOf(mapping, need.name);
    return at === null ? [] : [{ need, at, column: columns[at]!.name }];
  });
  if (needs.length === 0 || rows.length === 0) return null;
  // The answer first: on a phone the rest is a scroll away.
  const shown = [needs.at(-1)!, ...needs.slice(0, -1)].slice(0, MOST_COLUMNS);
  const more = needs.length - shown.length;
  const unused = columns.length - new Set(needs.map(({ at }) => at)).size;
  return (
    <div>
      <ScrollRegion label={t('rows.label', { file })} className="relative rounded-lg border border-line">
        <table className="text-left text-sm">
          <thead className="bg-sunken">
            <tr>
              {shown.map(({ need, at, column }) => (
                <th key={need.name} scope="col" className="px-3 py-2 align-bottom font-medium whitespace-nowrap">
                  {column || t('mapping.nameless', { place: at + 1 })}
                  {need.is === 'label' && column === '' && (
                    <span className="block font-normal text-muted">{t('rows.answer')}</span>
                  )}
                  {need.is !== 'label' && columnTitle(need.name) !== column && (
                    <span className="block font-normal text-muted">{columnTitle(need.name)}</span>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN).map(({ line, cells }) => (
              <tr key={line} className="border-t border-line">
                {shown.map(({ need, at }) => {
                  const cell = cells[at] ?? null;
                  const bad = checkCell(need, cell, mapping, mark) !== null;
                  return (
                    <td
                      key={need.name}
                      className={`px-3 py-1.5 ${need.is === 'text' ? 'min-w-72' : 'whitespace-nowrap'} ${bad ? 'bg-warn-soft text-warn' : ''}`}
                    >
                      {need.is === 'text' ? snippet(String(cell ?? '')) : String(cell ?? '').slice(0, 40)}
                      {bad && <span className="sr-only"> {t('rows.unusable')}</span>}
                      {bad && String(cell ?? '').trim() === '' && <span aria-hidden="true">–</span>}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {more > 0 && (
        <p className="mt-1.5 text-sm text-muted">{t('rows.more', { count: more, number: formatCount(more) })}</p>
      )}
      {unused > 0 && <p className="mt-1.5 text-sm text-muted">{t('rows.unused', { count: unused })}</p>}
    </div>
  );
}

function snippet(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 120 ? `${line.slice(0, 120)} …` : line;
}
