import type { Dataset } from '@sotto/learner/dataset';
import { decodeRow } from '@sotto/learner/table/encoding';
import { type Column, inputWidth, type TaskManifest } from '@sotto/protocol/task';
import { useTranslation } from 'react-i18next';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { taskWords } from '../../words/task-words.ts';
import { useLanguage } from '../../words/words.ts';

const SHOWN = 5;

/** The first rows of a table's examples, in their own units again. */
export function FirstExamples({
  task,
  columns,
  data,
}: {
  task: TaskManifest;
  columns: readonly Column[];
  data: Dataset;
}) {
  const { t } = useTranslation('data');
  const language = useLanguage();
  const { classes, columnTitle } = taskWords(task, language);
  const width = inputWidth(columns);
  return (
    <ScrollRegion label={t('rows.examples')} className="relative rounded-lg border border-line">
      <table className="text-left text-sm">
        <thead className="bg-sunken">
          <tr>
            <th scope="col" className="px-3 py-2 align-bottom font-medium">
              {t('rows.answer')}
            </th>
            {columns.map((column) => (
              <th key={column.name} scope="col" className="px-3 py-2 align-bottom font-medium whitespace-nowrap">
                {columnTitle(column.name)}
                {column.type === 'number' && column.unit && (
                  <span className="block font-normal text-muted">{column.unit}</span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: Math.min(SHOWN, data.labels.length) }, (_, i) => (
            <tr key={i} className="border-t border-line">
              <th scope="row" className="px-3 py-1.5 font-medium whitespace-nowrap">
                {classes[data.labels[i]!]}
              </th>
              {decodeRow(columns, data.inputs, i * width).map((cell, j) => (
                <td key={columns[j]!.name} className="px-3 py-1.5 whitespace-nowrap">
                  {typeof cell === 'number'
                    ? cell.toLocaleString(language, { maximumSignificantDigits: 4 })
                    : (cell ?? '–')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
