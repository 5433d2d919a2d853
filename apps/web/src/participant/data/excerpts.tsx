import type { TaskView } from '@sotto/protocol/views';
import { useTranslation } from 'react-i18next';
import { taskWords } from '../../words/task-words.ts';
import { useLanguage } from '../../words/words.ts';

/** How some texts of the sample data begin: those that this device gets cannot be read back from what is learned from. */
export function Excerpts({ view: { task, excerpts } }: { view: TaskView }) {
  const { t } = useTranslation('data');
  const { classes } = taskWords(task, useLanguage());
  if (excerpts.length === 0) return null;
  return (
    <figure data-testid="excerpts">
      <figcaption className="text-sm text-muted">{t('sample.excerpts')}</figcaption>
      <ul className="mt-2 divide-y divide-line rounded-lg border border-line text-sm">
        {excerpts.map(({ text, label }) => (
          <li key={`${label}/${text}`} className="px-3 py-2">
            <span className="font-medium">{classes[label]}</span>
            <p className="mt-0.5 text-muted [overflow-wrap:anywhere] max-sm:line-clamp-3" dir="auto">
              {text}
            </p>
          </li>
        ))}
      </ul>
    </figure>
  );
}
