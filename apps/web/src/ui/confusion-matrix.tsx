import { useId } from 'react';
import { formatCount } from './quantity.ts';
import { ScrollRegion } from './scroll-region.tsx';

interface ConfusionMatrixProps {
  /** confusion[truth][prediction] */
  confusion: readonly (readonly number[])[];
  classes: readonly string[];
  label: string;
  caption: string;
  /** What a cell says to whoever points at it. */
  describe: (count: number, truth: string, taken: string) => string;
}

/** How much of a cell's background is colour, at most: text must stay readable on it. */
const MOST_COLOUR = 42;

/** What was taken for what; the darker a cell, the larger its part of the row. */
export function ConfusionMatrix({ confusion, classes, label, caption, describe }: ConfusionMatrixProps) {
  const how = useId();
  return (
    <ScrollRegion label={label} className="pb-1">
      <p id={how} className="max-w-xl pb-3 text-xs text-muted">
        {caption}
      </p>
      <table
        data-testid="confusion"
        aria-label={label}
        aria-describedby={how}
        className="border-separate border-spacing-0.5 text-xs sm:text-sm"
      >
        <thead>
          <tr>
            <td />
            {classes.map((name) => (
              <th key={name} scope="col" className="max-w-24 truncate px-0.5 font-medium" title={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {confusion.map((row, truth) => (
            <Row key={classes[truth]} row={row} truth={truth} classes={classes} describe={describe} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

interface RowProps extends Pick<ConfusionMatrixProps, 'classes' | 'describe'> {
  row: readonly number[];
  truth: number;
}

function Row({ row, truth, classes, describe }: RowProps) {
  const total = Math.max(
    1,
    row.reduce((sum, count) => sum + count, 0),
  );
  const name = classes[truth] ?? '';
  return (
    <tr>
      <th scope="row" className="max-w-32 truncate pr-1.5 text-right font-medium" title={name}>
        {name}
      </th>
      {row.map((count, taken) => {
        const right = taken === truth;
        const said = describe(count, name, classes[taken] ?? '');
        const colour = `color-mix(in srgb, var(--${right ? 'accent' : 'second'}) ${Math.round((MOST_COLOUR * count) / total)}%, var(--surface))`;
        return (
          <td
            key={classes[taken]}
            title={count > 0 ? said : undefined}
            style={{ background: count > 0 ? colour : undefined }}
            className={`h-8 min-w-6 rounded px-0.5 text-center sm:min-w-8 ${count === 0 ? 'text-muted' : 'text-ink'} ${right ? 'font-semibold outline-1 -outline-offset-1 outline-line' : ''}`}
          >
            {formatCount(count)}
          </td>
        );
      })}
    </tr>
  );
}
