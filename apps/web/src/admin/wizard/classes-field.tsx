import { useId, useState } from 'react';
import { useForm, useProblem } from './form.tsx';

/** One class a line: what is typed stays as it is while it is typed, and becomes classes without the spaces around them. */
export function ClassesField() {
  const { draft, change, touch } = useForm();
  const id = useId();
  const error = useProblem('classes');
  const [text, setText] = useState(draft.classes.join('\n'));
  const said = classesIn(text);
  // Somebody else, such as a file, has said other classes.
  const shown = said.join('\n') === draft.classes.join('\n') ? text : draft.classes.join('\n');
  return (
    <div className="text-sm">
      <label htmlFor={id} className="font-medium">
        Classes, one a line
      </label>
      <textarea
        id={id}
        data-testid="classes"
        rows={Math.min(12, Math.max(4, draft.classes.length + 1))}
        spellCheck={false}
        value={shown}
        aria-describedby={`${id}-hint${error ? ` ${id}-error` : ''}`}
        {...(error && { 'aria-invalid': true })}
        onBlur={() => touch('classes')}
        onChange={({ target }) => {
          setText(target.value);
          change({ type: 'set', to: { classes: classesIn(target.value) } });
        }}
        className="mt-1.5 block w-full rounded-lg border border-line-strong bg-surface px-3 py-2 text-ink"
      />
      <p id={`${id}-hint`} className="mt-1 text-muted">
        What the model tells apart, two at least. They are counted in this order, from 0: do not change it once models
        have been published.
      </p>
      {error && (
        <p id={`${id}-error`} className="mt-1 font-medium text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

function classesIn(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
