import { TaskManifest } from '@sotto/protocol/task';
import { useDeferredValue, useMemo, useRef } from 'react';
import { useSearchParams } from 'react-router';
import { Button } from '../../ui/button.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatMinute } from '../../ui/quantity.ts';
import { PageHead } from '../frame/page-head.tsx';
import { AboutStep } from './about-step.tsx';
import { DataStep } from './data-step.tsx';
import { emptyDraft } from './draft.ts';
import { EvaluationStep } from './evaluation-step.tsx';
import { stillFit } from './examples-fit.ts';
import { FormContext, useTouched } from './form.tsx';
import { checkDraft, manifestOf, shippedTopology } from './manifest.ts';
import { ModelStep } from './model-step.tsx';
import { Preview } from './preview.tsx';
import { PrivacyStep } from './privacy-step.tsx';
import { SaveStep } from './save-step.tsx';
import { StepNavigation } from './step-navigation.tsx';
import { isStep, problemsByStep, STEPS, type Step } from './steps.ts';
import { TrainingStep } from './training-step.tsx';
import { useBuiltModel } from './use-built-model.ts';
import type { DraftInUse } from './use-draft.ts';

/** A task is made or changed, step by step in any order; `?step=` says which is shown. */
export function Wizard({ use, unfinished }: { use: DraftInUse; unfinished: string | null }) {
  const { draft, base, attachments } = use;
  const [search, setSearch] = useSearchParams();
  const asked = search.get('step');
  const step: Step = isStep(asked) ? asked : 'about';
  const touched = useTouched();
  const { manifest, problems } = useMemo(() => checkDraft(draft, base?.manifest), [draft, base]);
  const example = useMemo(() => exampleOf(draft, base?.manifest ?? null), [draft, base]);
  // What cannot be shown for now does not make the preview jump.
  const lastExample = useRef(example);
  if (example) lastExample.current = example;
  const shown = useDeferredValue(example ?? lastExample.current);
  const model = useBuiltModel(draft, attachments.model, example);

  const missing = new Map<string, string>();
  if (model.state === 'refused' && !problems.has('model')) missing.set('model', model.reason);
  if (model.state === 'building') missing.set('model', 'is being built; this takes a moment');
  const brought = attachments.heldOut ? attachments.broughtFor : base?.manifest;
  if (!brought) missing.set('heldOut', 'bring examples to judge models by');
  else if (example && !stillFit(brought, example))
    missing.set(
      'heldOut',
      'the examples mean something else by now, as classes, columns or sizes changed: bring them again',
    );
  const counts = problemsByStep(new Map([...problems, ...missing]));
  const show = (next: Step) => {
    setSearch(next === 'about' ? {} : { step: next });
    window.scrollTo({ top: 0 });
  };
  const at = STEPS.indexOf(step);
  const form = { ...use, ...touched, problems, wordsOnly: unfinished !== null };

  return (
    <FormContext value={form}>
      <div data-testid="wizard" data-step={step} data-kept={use.isWritten} className="space-y-5">
        <PageHead
          title={base ? `Change ${base.title}` : 'New task'}
          actions={
            use.recalled !== null && (
              <ConfirmButton
                label="Start over"
                title="Throw this draft away?"
                confirm="Throw away"
                keep="Keep it"
                onConfirm={use.startOver}
              >
                What was typed and brought here is forgotten. The task itself, if there is one, stays as it is.
              </ConfirmButton>
            )
          }
        >
          {base
            ? 'What you change is kept in this browser until it is saved as the next revision.'
            : 'Say what is learned and from what; no code is needed. The draft is kept in this browser until it is saved.'}
        </PageHead>
        {use.recalled !== null && (
          <Notice tone="calm" title={`You go on where you were: the draft of ${formatMinute(use.recalled)}.`} />
        )}
        {!use.isKept && (
          <Notice tone="warn" title="This browser does not keep the draft.">
            It may be a private window, or its disk is full: do not reload the page before the task is saved.
          </Notice>
        )}
        {unfinished !== null && (
          <Notice tone="warn" title={`Run ${unfinished} is not finished: only words may change.`}>
            The title, the sentence and the data card can be saved now; the rest once the run has ended or was stopped.
          </Notice>
        )}
        <StepNavigation step={step} counts={counts} onStep={show} />
        <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,1fr)_24rem]">
          <form
            className="min-w-0 space-y-5"
            onSubmit={(event) => {
              event.preventDefault();
              const next = STEPS[at + 1];
              if (next) show(next);
            }}
          >
            <fieldset disabled={form.wordsOnly && step !== 'about' && step !== 'save'} className="min-w-0 space-y-5">
              {step === 'about' && <AboutStep />}
              {step === 'data' && <DataStep />}
              {step === 'model' && <ModelStep model={model} />}
              {step === 'training' && <TrainingStep />}
              {step === 'privacy' && <PrivacyStep />}
              {step === 'evaluation' && <EvaluationStep task={example} />}
              {step === 'save' && (
                <SaveStep
                  parts={manifest && missing.size === 0 ? { draft, manifest, base, attachments, model } : null}
                  missing={missing}
                  onStep={(next) => {
                    touched.touchAll();
                    show(next);
                  }}
                  onTry={touched.touchAll}
                />
              )}
            </fieldset>
            {step !== 'save' && (
              <div className="flex flex-wrap gap-3">
                <Button type="submit" look="primary">
                  Next
                </Button>
                {at > 0 && <Button onClick={() => show(STEPS[at - 1]!)}>Back</Button>}
              </div>
            )}
          </form>
          {shown && (
            <div className="xl:sticky xl:top-6">
              <Preview
                task={shown}
                card={draft.card}
                parameters={
                  model.state === 'built'
                    ? model.built.parameters
                    : (shippedTopology({ ...draft, classes: shown.classes })?.parameters ?? base?.parameters ?? null)
                }
                sampleExamples={attachments.sample?.labels.length ?? base?.sampleExamples ?? 0}
              />
            </div>
          )}
        </div>
      </div>
    </FormContext>
  );
}

/** What a draft says of examples, with stand-ins for words and numbers that are not there yet; null while that is not enough. */
function exampleOf(draft: DraftInUse['draft'], base: TaskManifest | null): TaskManifest | null {
  const { problems } = checkDraft(draft, base);
  const usual = emptyDraft(draft.kind);
  const broken = (begin: string) =>
    [...problems.keys()].some((field) => field === begin || field.startsWith(`${begin}.`));
  const patched = {
    ...draft,
    ...(broken('title') && { title: 'Your task' }),
    ...(broken('id') && { id: 'task' }),
    ...(broken('summary') && { summary: 'What it learns, in one plain sentence.' }),
    ...(broken('training') && { training: usual.training }),
    ...(broken('privacy') && { privacy: usual.privacy }),
    ...(broken('rounds') && { rounds: usual.rounds }),
    ...(broken('classes') && { classes: ['one class', 'another class'] }),
  };
  const parsed = TaskManifest.safeParse(manifestOf(patched, base));
  return parsed.success ? parsed.data : null;
}
