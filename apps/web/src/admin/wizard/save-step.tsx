import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { ADMIN } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatPlural } from '../../ui/quantity.ts';
import { useAdmin } from '../frame/context.ts';
import { useForm } from './form.tsx';
import { Revisions } from './revisions.tsx';
import { saveTask, type TaskParts } from './saving.ts';
import { STEP_NAMES, type Step, stepOf } from './steps.ts';

interface SaveStepProps {
  /** Null while something is wrong or missing. */
  parts: TaskParts | null;
  /** What stands in the way besides fields. */
  missing: ReadonlyMap<string, string>;
  onStep: (step: Step) => void;
  onTry: () => void;
}

/** All that is wrong, and the button that makes the task. */
export function SaveStep({ parts, missing, onStep, onTry }: SaveStepProps) {
  const { draft, problems, base, forget } = useForm();
  const { mayChange } = useAdmin();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [progress, setProgress] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const wrong = [...problems, ...missing];

  async function save(): Promise<void> {
    onTry();
    if (!parts) return;
    setRefusal(null);
    setProgress('Preparing');
    try {
      const { id } = await saveTask(parts, setProgress);
      await forget();
      await client.invalidateQueries({ queryKey: ADMIN });
      await navigate(base ? `/admin/t/${id}` : `/admin/t/${id}/share`);
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error));
      setProgress(null);
    }
  }

  return (
    <>
      <Card title={base ? 'Save as the next revision' : 'Make the task'} testId="save">
        <div className="space-y-5">
          {wrong.length > 0 ? (
            <div data-testid="problems">
              <p className="font-medium">{formatPlural(wrong.length, 'thing')} to do first</p>
              <ul className="mt-2 space-y-1 text-sm">
                {wrong.map(([field, problem]) => (
                  <li key={field}>
                    <button
                      type="button"
                      className="text-left underline decoration-line-strong underline-offset-4 hover:decoration-current"
                      onClick={() => onStep(stepOf(field))}
                    >
                      {STEP_NAMES[stepOf(field)]}: {nameOf(field)} {problem}
                    </button>
                  </li>
                ))}
              </ul>
            </div>
          ) : (
            <p className="text-sm text-muted">
              {base
                ? 'Runs remember by which revision they learned; earlier revisions stay.'
                : 'The coordinator builds the model and tries it on the examples to judge by. Then there is a link to share.'}
            </p>
          )}
          {refusal && <Notice tone="bad" title={refusal} />}
          <div aria-live="polite" className="flex flex-wrap items-center gap-4">
            <Button
              look="primary"
              disabled={progress !== null || !mayChange || wrong.length > 0}
              onClick={() => void save()}
            >
              {base ? `Save ${draft.title}` : 'Make the task'}
            </Button>
            {progress && <p className="text-sm text-muted">{progress} …</p>}
          </div>
        </div>
      </Card>
      {base && <Revisions task={base.id} />}
    </>
  );
}

/** A field's name in a sentence. */
function nameOf(field: string): string {
  const parts = field.split('.');
  if (parts[0] === 'columns' && parts.length === 3) return `column ${Number(parts[1]) + 1}, ${parts[2]}:`;
  return `${parts
    .at(-1)!
    .replace(/([A-Z])/g, ' $1')
    .toLowerCase()}:`;
}
