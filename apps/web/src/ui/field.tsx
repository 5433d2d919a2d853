import { type ComponentProps, type ReactNode, useId } from 'react';

const CONTROL =
  'mt-1.5 block min-h-10 w-full rounded-lg border border-line-strong bg-surface px-3 text-ink file:mr-3 file:mt-1.5 file:rounded-md file:bg-sunken file:px-2 file:py-0.5';

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
}

interface Ids {
  id: string;
  'aria-describedby'?: string;
  'aria-invalid'?: true;
  className: string;
}

function Frame({ label, hint, error, children }: FieldProps & { children: (ids: Ids) => ReactNode }) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className="min-w-0 text-sm">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children({
        id,
        className: CONTROL,
        ...(described && { 'aria-describedby': described }),
        ...(error && { 'aria-invalid': true }),
      })}
      {hint && (
        <p id={`${id}-hint`} className="mt-1 text-muted">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="mt-1 font-medium text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

export function TextField({ label, hint, error, ...input }: FieldProps & ComponentProps<'input'>) {
  return (
    <Frame label={label} hint={hint} error={error}>
      {(ids) => <input {...input} {...ids} />}
    </Frame>
  );
}

export function AreaField({ label, hint, error, ...area }: FieldProps & ComponentProps<'textarea'>) {
  return (
    <Frame label={label} hint={hint} error={error}>
      {(ids) => <textarea rows={4} {...area} {...ids} className={`${ids.className} py-2`} />}
    </Frame>
  );
}

export function ChoiceField({ label, hint, error, ...select }: FieldProps & ComponentProps<'select'>) {
  return (
    <Frame label={label} hint={hint} error={error}>
      {(ids) => <select {...select} {...ids} />}
    </Frame>
  );
}
