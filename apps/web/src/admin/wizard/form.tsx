import { createContext, type ReactNode, useContext, useState } from 'react';
import { AreaField, ChoiceField, TextField } from '../../ui/field.tsx';
import type { DraftChange } from './draft.ts';
import type { Problems } from './manifest.ts';
import type { DraftInUse } from './use-draft.ts';

export interface WizardForm extends DraftInUse {
  readonly problems: Problems;
  /** Fields that somebody has been in: of others nothing is said before saving was tried. */
  readonly isTouched: (field: string) => boolean;
  readonly touch: (field: string) => void;
  /** A run of the task is unfinished: only words may change. */
  readonly wordsOnly: boolean;
}

export const FormContext = createContext<WizardForm | null>(null);

export function useForm(): WizardForm {
  const form = useContext(FormContext);
  if (!form) throw new Error('useForm is for parts of the wizard');
  return form;
}

/** Which fields somebody has been in; all of them once saving was tried. */
export function useTouched(): Pick<WizardForm, 'isTouched' | 'touch'> & { readonly touchAll: () => void } {
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [all, setAll] = useState(false);
  return {
    isTouched: (field) => all || touched.has(field),
    touch: (field) => setTouched((before) => (before.has(field) ? before : new Set([...before, field]))),
    touchAll: () => setAll(true),
  };
}

interface InputProps {
  /** As problems call it. */
  field: string;
  label: string;
  hint?: ReactNode;
  value: string;
  /** What the draft becomes when this is typed. */
  to: (value: string) => DraftChange;
}

/** What is wrong with a field, once there is reason to say so. */
export function useProblem(field: string): string | undefined {
  const { problems, isTouched } = useForm();
  const problem = problems.get(field);
  return problem !== undefined && isTouched(field) ? sentence(problem) : undefined;
}

/** Follows a field's name in the schema's words; stands alone under the field here. */
function sentence(problem: string): string {
  return `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`.replace(/\.\.$/, '.');
}

function useInput({ field, value, to }: InputProps) {
  const { change, touch } = useForm();
  const error = useProblem(field);
  return {
    name: field,
    'data-testid': field,
    value,
    error,
    onBlur: () => touch(field),
    onChange: ({ target }: { target: { value: string } }) => {
      // What was left and is being mended is judged at every key.
      if (value !== '') touch(field);
      change(to(target.value));
    },
  };
}

export function TextInput({ label, hint, mono = false, ...props }: InputProps & { mono?: boolean }) {
  return (
    <TextField
      label={label}
      hint={hint}
      autoComplete="off"
      spellCheck={!mono}
      {...useInput({ label, hint, ...props })}
    />
  );
}

/** Numbers are typed as text: half a number is none yet, and must not be lost. */
export function NumberInput({ label, hint, ...props }: InputProps) {
  return (
    <TextField
      label={label}
      hint={hint}
      inputMode="decimal"
      autoComplete="off"
      {...useInput({ label, hint, ...props })}
    />
  );
}

export function AreaInput({ label, hint, rows, ...props }: InputProps & { rows?: number }) {
  return (
    <AreaField
      label={label}
      hint={hint}
      {...(rows !== undefined && { rows })}
      {...useInput({ label, hint, ...props })}
    />
  );
}

export function ChoiceInput({ label, hint, children, ...props }: InputProps & { children: ReactNode }) {
  return (
    <ChoiceField label={label} hint={hint} {...useInput({ label, hint, ...props })}>
      {children}
    </ChoiceField>
  );
}
