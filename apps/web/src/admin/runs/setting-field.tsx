import { ChoiceField, TextField } from '../../ui/field.tsx';
import { formatExact } from '../../ui/quantity.ts';
import type { Field } from './fields.ts';

interface SettingFieldProps {
  field: Field;
  value: string;
  /** What it is if it is left empty. */
  filled: string;
  error: string | undefined;
  onChange: (value: string) => void;
}

/** What the coordinator says of a field, which follows its name; in the units of the field. */
function sentence(error: string, scale = 1): string {
  const scaled = scale === 1 ? error : error.replace(/\d+/g, (digits) => formatExact(Number(digits) / scale));
  return scaled.charAt(0).toUpperCase() + scaled.slice(1);
}

export function SettingField({ field, value, filled, error, onChange }: SettingFieldProps) {
  const { name, label, hint, kind, options, scale } = field;
  const common = {
    label: scale === 1000 ? `${label} (s)` : label,
    ...(hint !== undefined && { hint }),
    error: error && sentence(error, scale),
    name,
    title: name,
    value,
  };
  if (kind === 'choice')
    return (
      <ChoiceField {...common} onChange={(event) => onChange(event.target.value)}>
        {options?.map(([option, words], _, options) => (
          <option key={option} value={option}>
            {option === '' && filled !== '' ? (options.find(([other]) => other === filled)?.[1] ?? words) : words}
          </option>
        ))}
      </ChoiceField>
    );
  return (
    <TextField
      {...common}
      inputMode={kind === 'text' ? 'text' : kind === 'whole' ? 'numeric' : 'decimal'}
      autoComplete="off"
      spellCheck={false}
      placeholder={filled}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
