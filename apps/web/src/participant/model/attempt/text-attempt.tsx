import type { Dataset } from '@sotto/learner/dataset';
import { encodeText } from '@sotto/learner/text/features';
import type { TaskManifest } from '@sotto/protocol/task';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { questionOf } from './question.ts';

interface AttemptProps {
  task: TaskManifest;
  onAsk: (question: Dataset | null) => void;
}

/** Write, and see the answer change. */
export function TextAttempt({ task, onAsk }: AttemptProps) {
  const { t } = useTranslation('model');
  const input = task.input.text!;
  const id = useId();
  const [text, setText] = useState('');
  const [wordless, setWordless] = useState(false);

  function write(next: string): void {
    const inputs = new Uint8Array(input.buckets);
    const tokens = encodeText(next, input, inputs);
    setText(next);
    setWordless(tokens === 0 && next.trim() !== '');
    onAsk(tokens === 0 ? null : questionOf(task, inputs));
  }

  return (
    <div className="text-sm">
      <label htmlFor={id} className="font-medium">
        {t('attempt.textLabel')}
      </label>
      <textarea
        id={id}
        rows={8}
        value={text}
        maxLength={input.maxCharacters}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => write(target.value)}
        className="mt-1.5 block w-full rounded-lg border border-line-strong bg-surface px-3 py-2 text-base text-ink"
      />
      <p id={`${id}-hint`} className="mt-1 text-muted empty:hidden">
        {wordless && t('attempt.textWordless')}
      </p>
    </div>
  );
}
