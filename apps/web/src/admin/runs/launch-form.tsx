import { RunSummary } from '@sotto/protocol/run';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useNavigate } from 'react-router';
import { request } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAction } from '../frame/action.ts';
import { CommandLine } from '../frame/command-line.tsx';
import { useAdmin } from '../frame/context.ts';
import { CostCard } from './cost-card.tsx';
import { FIELD_GROUPS, FIELDS, type FieldGroup, type FormValues } from './fields.ts';
import { requestOf, valuesOf, wordsOf } from './form-values.ts';
import { checkQuery } from './queries.ts';
import { SettingField } from './setting-field.tsx';
import { useSettled } from './settled.ts';

/** All that a run can be told. As it is typed, the coordinator says what is wrong with it, and what it would cost. */
export function LaunchForm({ task, start }: { task: string; start: FormValues }) {
  const { mayChange } = useAdmin();
  const navigate = useNavigate();
  const { busy, refusal, run } = useAction();
  const [values, setValues] = useState<FormValues>(start);
  const wanted = requestOf(task, values);
  const query = useQuery(checkQuery(useSettled(wanted)));
  const check = useDeferredValue(query.data);
  const issues = new Map(check?.fits === false ? check.issues.map(({ field, message }) => [field, message]) : []);
  const [known, setKnown] = useState<FormValues>({});
  const filled = check?.fits ? valuesOf(check.preview.config) : known;
  if (check?.fits && JSON.stringify(filled) !== JSON.stringify(known)) setKnown(filled);
  const isBusy = check?.fits === true && check.preview.isBusy;
  const whole = issues.get(null) ?? [...issues].find(([field]) => !FIELD_NAMES.has(field ?? ''))?.[1];

  const wrong = FIELDS.filter(({ name }) => issues.has(name)).map(({ label }) => label);

  async function launch(): Promise<void> {
    let started: RunSummary | undefined;
    await run(async () => {
      started = await request(RunSummary, 'POST', '/api/admin/runs', wanted);
    });
    if (started) await navigate(`/admin/t/${task}/runs/${started.run}`);
  }

  return (
    <form
      data-testid="start-run"
      className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_22rem]"
      onSubmit={(event) => {
        event.preventDefault();
        void launch();
      }}
    >
      <div className="grid min-w-0 gap-5">
        {FIELD_GROUPS.map((group) => (
          <Group
            key={group.title}
            group={group}
            values={values}
            filled={filled}
            issues={issues}
            onChange={(name, value) => setValues((before) => ({ ...before, [name]: value }))}
          />
        ))}
      </div>
      <div className="grid min-w-0 gap-5 xl:sticky xl:top-6">
        <CostCard preview={check?.fits ? check.preview : null} />
        {whole && <Notice tone="bad" title={whole} testId="whole-issue" />}
        {wrong.length > 0 && (
          <Notice tone="warn" title={`Not right yet: ${wrong.join(', ')}`} testId="field-issues">
            What is wrong stands below each field.
          </Notice>
        )}
        {isBusy && (
          <Notice tone="warn" title="A run of this task is under way" testId="busy">
            This one can start once that is finished or stopped.
          </Notice>
        )}
        {refusal && <Notice tone="bad" title={refusal} />}
        <Button
          type="submit"
          look="primary"
          size="large"
          disabled={!mayChange || busy || isBusy || check?.fits === false}
        >
          {busy ? 'Starting …' : 'Start the run'}
        </Button>
        <CommandLine words={['run', 'start', ...wordsOf(task, values)]} />
      </div>
    </form>
  );
}

const FIELD_NAMES: ReadonlySet<string> = new Set(FIELDS.map(({ name }) => name));

interface GroupProps {
  group: FieldGroup;
  values: FormValues;
  filled: FormValues;
  issues: ReadonlyMap<string | null, string>;
  onChange: (name: string, value: string) => void;
}

function Group({ group: { title, about, open, fields }, values, filled, issues, onChange }: GroupProps) {
  const shown = fields.filter(({ when }) => when?.(values) !== false);
  const grid = (
    <>
      <p className="text-sm text-muted">{about}</p>
      <div className="mt-4 grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {shown.map((field) => (
          <SettingField
            key={field.name}
            field={field}
            value={values[field.name] ?? ''}
            filled={filled[field.name] ?? ''}
            error={issues.get(field.name) ?? issues.get(field.name.split('.')[0] ?? '')}
            onChange={(value) => onChange(field.name, value)}
          />
        ))}
      </div>
    </>
  );
  const wrong = shown.some(({ name }) => issues.has(name));
  const told = shown.filter(({ name }) => (values[name] ?? '') !== '').length;
  if (open) return <Card title={title}>{grid}</Card>;
  return (
    <Card>
      <details open={wrong || undefined}>
        <summary className="font-semibold">
          {title}
          {told > 0 && <span className="ml-2 text-sm font-normal text-muted">{told} set</span>}
        </summary>
        <div className="mt-3">{grid}</div>
      </details>
    </Card>
  );
}
