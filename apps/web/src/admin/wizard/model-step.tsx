import {
  ARCHITECTURES,
  type ArchitectureChoice,
  type ArchitectureName,
  buildArchitecture,
  type ModelTask,
  suggestArchitecture,
  unfitness,
} from '@sotto/learner/architectures/catalogue';
import { Card } from '../../ui/card.tsx';
import { ChoiceField, TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatCount } from '../../ui/quantity.ts';
import { choiceOf, type ModelDraft, modelTaskOf } from './draft.ts';
import { useForm } from './form.tsx';
import { ModelReport } from './model-report.tsx';
import { UploadedModel } from './uploaded-model.tsx';
import type { ModelState } from './use-built-model.ts';

/** What learns. */
export function ModelStep({ model }: { model: ModelState }) {
  const { draft, change, base } = useForm();
  const task = modelTaskOf(draft);
  const choice = choiceOf(draft);
  const choose = (next: ModelDraft) => change({ type: 'set', to: { model: next } });
  const value = draft.model.from === 'shipped' ? (choice?.name ?? '') : draft.model.from;
  return (
    <>
      <Card title="Model">
        <fieldset className="space-y-3">
          <legend className="sr-only">Model</legend>
          {base && (
            <Option
              name="task"
              title="As it is"
              about="The model that the task has."
              chosen={value === 'task'}
              onChoose={() => choose({ from: 'task' })}
            />
          )}
          {Object.entries(ARCHITECTURES)
            .filter(([, { kinds }]) => kinds.includes(draft.kind))
            .map(([id, { title, about }]) => {
              const name = id as ArchitectureName;
              const why = task && unfitness(name, task);
              const own = choice?.name === name ? choice : usualChoice(name, task);
              return (
                <Option
                  key={name}
                  name={name}
                  title={title}
                  about={why ?? about}
                  aside={task && !why ? `${formatCount(buildArchitecture(own, task).parameters)} weights` : null}
                  disabled={task === null || why !== null}
                  chosen={value === name}
                  onChoose={() => choose({ from: 'shipped', choice: usualChoice(name, task) })}
                />
              );
            })}
          <Option
            name="upload"
            title="A model of your own"
            about="A model.json that TF.js or Keras wrote: as it is, or its features with a new answer behind them."
            chosen={value === 'upload'}
            onChoose={() => choose({ from: 'upload', use: 'whole', features: '', weights: false })}
          />
        </fieldset>
        {task === null && (
          <div className="mt-4">
            <Notice tone="warn" title="First say what the examples are.">
              The model depends on their shape and on how many classes there are.
            </Notice>
          </div>
        )}
      </Card>
      {choice?.name === 'mlp' && draft.model.from === 'shipped' && (
        <HiddenLayers choice={choice} onChoose={(next) => choose({ from: 'shipped', choice: next })} />
      )}
      {draft.model.from === 'upload' && <UploadedModel choice={draft.model} onChoose={choose} />}
      <ModelReport model={model} />
    </>
  );
}

function usualChoice(name: ArchitectureName, task: ModelTask | null): ArchitectureChoice {
  const suggested = task && suggestArchitecture(task);
  if (suggested?.name === name) return suggested;
  return name === 'mlp' ? { name, hidden: [64], dropout: 0 } : { name };
}

interface OptionProps {
  name: string;
  title: string;
  about: string;
  aside?: string | null;
  disabled?: boolean;
  chosen: boolean;
  onChoose: () => void;
}

function Option({ name, title, about, aside, disabled = false, chosen, onChoose }: OptionProps) {
  return (
    <label className="flex cursor-pointer items-start gap-3 rounded-xl border border-line-strong p-4 text-sm hover:bg-sunken has-checked:border-accent has-checked:bg-accent-soft has-disabled:cursor-default has-disabled:opacity-60 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
      <input
        type="radio"
        name="model"
        value={name}
        checked={chosen}
        disabled={disabled}
        onChange={onChoose}
        className="mt-1 accent-accent"
      />
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-baseline justify-between gap-x-4">
          <span className="font-medium">{title}</span>
          {aside && <span className="text-muted">{aside}</span>}
        </span>
        <span className="block text-muted">{about}</span>
      </span>
    </label>
  );
}

const MOST_LAYERS = 4;

function HiddenLayers({
  choice,
  onChoose,
}: {
  choice: Extract<ArchitectureChoice, { name: 'mlp' }>;
  onChoose: (choice: ArchitectureChoice) => void;
}) {
  const { problems } = useForm();
  const { hidden, dropout } = choice;
  const set = (at: number, units: number) =>
    onChoose({ ...choice, hidden: hidden.map((own, i) => (i === at ? units : own)) });
  return (
    <Card title="Hidden layers">
      <div className="grid gap-5 sm:grid-cols-3">
        <ChoiceField
          label="How many"
          value={hidden.length}
          onChange={({ target }) =>
            onChoose({
              ...choice,
              hidden: Array.from({ length: Number(target.value) }, (_, i) => hidden[i] ?? hidden.at(-1) ?? 64),
            })
          }
        >
          {Array.from({ length: MOST_LAYERS }, (_, i) => (
            <option key={i} value={i + 1}>
              {i + 1}
            </option>
          ))}
        </ChoiceField>
        {hidden.map((units, i) => (
          <TextField
            key={i}
            label={`Units of layer ${i + 1}`}
            type="number"
            min={1}
            max={4096}
            value={Number.isNaN(units) ? '' : units}
            onChange={({ target }) => set(i, target.valueAsNumber)}
          />
        ))}
        <ChoiceField
          label="Dropout"
          hint="Left out at random while learning: helps where there are few examples."
          value={dropout}
          onChange={({ target }) => onChoose({ ...choice, dropout: Number(target.value) })}
        >
          {[0, 0.1, 0.2, 0.3, 0.5].map((rate) => (
            <option key={rate} value={rate}>
              {rate === 0 ? 'none' : `${100 * rate} %`}
            </option>
          ))}
        </ChoiceField>
      </div>
      {problems.has('model') && (
        <p className="mt-3 text-sm font-medium text-bad">Each hidden layer has 1 to 4096 units.</p>
      )}
    </Card>
  );
}
