import type { Dataset } from '@sotto/learner/dataset';
import { holdOut } from '@sotto/learner/held-out';
import type { TaskManifest } from '@sotto/protocol/task';
import { useState } from 'react';
import { DataPreview } from '../../participant/data/data-preview.tsx';
import { sourcesOf } from '../../participant/data/sources.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatCount, formatPlural } from '../../ui/quantity.ts';
import { useForm } from './form.tsx';

/** Examples that models are judged by, and nobody learns from. @param task  what the draft says of examples; null: not enough yet */
export function EvaluationStep({ task }: { task: TaskManifest | null }) {
  const { attachments, base, attach, wordsOnly } = useForm();
  const { heldOut, sample } = attachments;
  const isAny = heldOut !== null;
  return (
    <Card title="Examples to judge models by" aside="Nobody learns from them">
      <div className="space-y-5">
        <p className="text-sm text-muted">
          After every round the coordinator tries the new model on these: bring some that are like what people have, of
          every class, and that nobody who takes part has. They are uploaded when the task is saved, and then the
          coordinator can read them.
        </p>
        {base && !isAny && (
          <Notice tone="calm" title={`The task has ${formatPlural(base.heldOutExamples, 'example')} to judge by.`}>
            They stay, unless you bring others.
          </Notice>
        )}
        {task === null ? (
          <Notice tone="warn" title="First say what the examples are." />
        ) : wordsOnly ? null : isAny ? (
          <div className="space-y-5" data-testid="held-out">
            <p className="font-medium">
              {formatPlural(heldOut.labels.length, 'example')} to judge by
              {sample && `, ${formatCount(sample.labels.length)} to hand out as sample data`}
            </p>
            <DataPreview task={task} data={heldOut} />
            <Button onClick={() => attach({ heldOut: null, sample: null, broughtFor: null })}>Bring others</Button>
          </div>
        ) : (
          <Sources
            task={task}
            onTake={(taken) => attach({ ...taken, broughtFor: { classes: task.classes, input: task.input } })}
          />
        )}
      </div>
    </Card>
  );
}

interface Taken {
  readonly heldOut: Dataset;
  readonly sample: Dataset | null;
}

/** The same ways to bring examples as people have who take part, with the same words for what is wrong with a file. */
function Sources({ task, onTake }: { task: TaskManifest; onTake: (taken: Taken) => void }) {
  const sources = sourcesOf(task).filter(({ id }) => id !== 'camera' && id !== 'pad');
  const [at, setAt] = useState(0);
  const [data, setData] = useState<Dataset | null>(null);
  const { Component, id } = sources[at]!;
  return (
    <>
      {sources.length > 1 && (
        <fieldset className="flex flex-wrap gap-x-6 gap-y-2 text-sm">
          <legend className="sr-only">What you bring</legend>
          {sources.map((source, i) => (
            <label key={source.id} className="flex items-center gap-2">
              <input
                type="radio"
                name="source"
                checked={i === at}
                className="accent-accent"
                onChange={() => {
                  setAt(i);
                  setData(null);
                }}
              />
              {source.id === 'table' ? 'a table' : 'files of texts'}
            </label>
          ))}
        </fieldset>
      )}
      <Component key={id} task={task} active onChange={(next) => setData(next)} />
      {data && <Taking data={data} onTake={onTake} />}
    </>
  );
}

function Taking({ data, onTake }: { data: Dataset; onTake: (taken: Taken) => void }) {
  const { train, held } = holdOut(data);
  return (
    <div className="space-y-2 border-t border-line pt-4">
      <div className="flex flex-wrap gap-3">
        <Button look="primary" onClick={() => onTake({ heldOut: data, sample: null })}>
          Judge by all {formatCount(data.labels.length)}
        </Button>
        {held && (
          <Button onClick={() => onTake({ heldOut: held, sample: train })}>
            Judge by {formatCount(held.labels.length)}, hand out {formatCount(train.labels.length)} as sample data
          </Button>
        )}
      </div>
      <p className="text-sm text-muted">
        Sample data lets people try the task without examples of their own. Whoever opens the page can download it.
      </p>
    </div>
  );
}
