import type { Dataset } from '@sotto/learner/dataset';
import { encodeText, tokensOf } from '@sotto/learner/text/features';
import type { TaskManifest } from '@sotto/protocol/task';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { questionOf } from './question.ts';

interface AttemptProps {
  task: TaskManifest;
  onAsk: (question: Dataset | null) => void;
}

/** Of so few words the answer is mostly what the model says to anything. */
const FEW_WORDS = 4;
/** Signs and what stands for a number or an address are read, too, but are no words. */
const WORD = /^[\p{L}\p{M}]/u;

/** Write, and see the answer change. */
export function TextAttempt({ task, onAsk }: AttemptProps) {
  const { t } = useTranslation('model');
  const input = task.input.text!;
  const id = useId();
  const [text, setText] = useState('');
  const [words, setWords] = useState<number | null>(null);

  function write(next: string): void {
    const inputs = new Uint8Array(input.buckets);
    const tokens = encodeText(next, input, inputs);
    setText(next);
    const read = tokensOf(next, input.maxCharacters).filter((token) => WORD.test(token)).length;
    setWords(next.trim() === '' ? null : read);
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
      <p id={`${id}-hint`} data-testid="text-hint" className="mt-1 text-muted empty:hidden">
        {words !== null &&
          words < FEW_WORDS &&
          (words === 0 ? t('attempt.textWordless') : t('attempt.textFew', { count: words }))}
      </p>
    </div>
  );
}
