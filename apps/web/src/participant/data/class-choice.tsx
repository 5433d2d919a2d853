import type { ComponentProps } from 'react';

interface ClassChoiceProps extends ComponentProps<'select'> {
  classes: readonly string[];
}

/** A list of the task's classes, below other options if there are any. */
export function ClassChoice({ classes, children, ...select }: ClassChoiceProps) {
  return (
    <select {...select} className="min-h-10 min-w-0 max-w-full rounded-lg border border-line-strong bg-surface px-3">
      {children}
      {classes.map((name, i) => (
        <option key={name} value={i}>
          {name}
        </option>
      ))}
    </select>
  );
}
