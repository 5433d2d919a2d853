import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/quantity.ts';
import { ClassPicker } from './class-picker.tsx';

interface TextBoxProps {
  classes: readonly string[];
  /** Characters that are read. */
  limit: number;
  busy: boolean;
  /** Resolves to whether the text could be used. */
  onAdd: (text: string, label: number) => Promise<boolean>;
}

/** One text, written or pasted, and what it is. */
export function TextBox({ classes, limit, busy, onAdd }: TextBoxProps) {
  const { t } = useTranslation('data');
  const [text, setText] = useState('');
  const [label, setLabel] = useState(0);
  const box = useId();
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        void onAdd(text, label).then((used) => used && setText(''));
      }}
    >
      <div>
        <label htmlFor={box} className="text-sm font-medium">
          {t('textBox.label')}
        </label>
        <textarea
          id={box}
          rows={5}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="mt-1.5 block w-full rounded-lg border border-line-strong bg-surface px-3 py-2 text-ink"
        />
        {text.length > limit && (
          <p className="mt-1 text-sm text-muted">{t('textBox.long', { number: formatCount(limit) })}</p>
        )}
      </div>
      <ClassPicker legend={t('textBox.is')} classes={classes} value={label} onPick={setLabel} />
      <Button type="submit" disabled={busy || text.trim() === ''}>
        {t('textBox.add')}
      </Button>
    </form>
  );
}
