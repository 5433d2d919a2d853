import type { RunConfig } from '@sotto/protocol/run';
import { Card } from '../../ui/card.tsx';
import { FIELD_GROUPS } from './fields.ts';
import { valuesOf } from './form-values.ts';

/** All that the run was told, and what was made of what it was not, by the names that it has everywhere. */
export function RunSettings({ config }: { config: RunConfig }) {
  const values = valuesOf(config);
  return (
    <Card title="Settings" testId="run-settings">
      <details>
        <summary className="text-sm text-muted">What this run was told</summary>
        <div className="mt-4 grid gap-x-8 gap-y-5 text-sm sm:grid-cols-2 xl:grid-cols-3">
          {FIELD_GROUPS.map(({ title, fields }) => {
            const shown = fields.flatMap((field) => {
              const value = values[field.name] ?? '';
              const named = field.options?.find(([option]) => option === value)?.[1];
              return (named ?? value) === '' || field.when?.(values) === false
                ? []
                : [{ ...field, value: named ?? value }];
            });
            return (
              <div key={title} className="min-w-0">
                <h3 className="font-medium">{title}</h3>
                <dl className="mt-1 space-y-0.5">
                  {shown.map(({ name, label, value, scale }) => (
                    <div key={name} className="flex justify-between gap-3">
                      <dt className="text-muted" title={name}>
                        {label}
                      </dt>
                      <dd className="min-w-0 text-right [overflow-wrap:anywhere]">
                        {value}
                        {scale === 1000 && ' s'}
                      </dd>
                    </div>
                  ))}
                </dl>
              </div>
            );
          })}
        </div>
      </details>
    </Card>
  );
}
