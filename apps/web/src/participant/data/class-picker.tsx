import { useId } from 'react';

interface ClassPickerProps {
  legend: string;
  classes: readonly string[];
  value: number;
  onPick: (label: number) => void;
}

/** More than this are easier to find in a list. */
const MOST_CHIPS = 12;

/** One class of the task's. */
export function ClassPicker({ legend, classes, value, onPick }: ClassPickerProps) {
  const name = useId();
  if (classes.length > MOST_CHIPS)
    return (
      <label className="block text-sm font-medium">
        {legend}
        <select
          value={value}
          onChange={(event) => onPick(Number(event.target.value))}
          className="mt-1.5 block min-h-10 w-full rounded-lg border border-line-strong bg-surface px-3 font-normal"
        >
          {classes.map((known, i) => (
            <option key={known} value={i}>
              {known}
            </option>
          ))}
        </select>
      </label>
    );
  return (
    <fieldset>
      <legend className="text-sm font-medium">{legend}</legend>
      <div className="mt-1.5 flex flex-wrap gap-2">
        {classes.map((known, i) => (
          <label
            key={known}
            className="relative grid min-h-10 min-w-10 place-items-center rounded-lg border border-line-strong px-3 text-sm has-checked:border-accent has-checked:bg-accent-soft has-checked:font-semibold has-checked:text-accent-strong"
          >
            <input
              type="radio"
              name={name}
              value={i}
              checked={i === value}
              onChange={() => onPick(i)}
              className="absolute inset-0 cursor-pointer appearance-none rounded-lg"
            />
            {known}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
