import type { Dataset } from '@sotto/learner/dataset';
import type { Trainer } from '@sotto/learner/worker/client';
import type { TaskView } from '@sotto/protocol/views';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../ui/button.tsx';
import type { PageOptions } from '../../page-options.ts';
import { Answer } from './answer.tsx';
import { wordAnswer } from './answer-wording.ts';
import { CameraAttempt } from './camera-attempt.tsx';
import { DrawingAttempt } from './drawing-attempt.tsx';
import { PictureAttempt } from './picture-attempt.tsx';
import { TableAttempt } from './table-attempt.tsx';
import { TextAttempt } from './text-attempt.tsx';
import { usePrediction } from './use-prediction.ts';

interface AttemptProps {
  view: TaskView;
  options: PageOptions;
  /** Names of the answers. */
  classes: readonly string[];
  data: Dataset | null;
  trainer: Trainer | null;
  model: Uint8Array | null;
}

/** How a picture is given to the model; who cannot draw one of three colours takes one. */
const WAYS = { 1: ['draw', 'picture', 'camera'], 3: ['picture', 'camera'] } as const;
const GIVERS = { draw: DrawingAttempt, picture: PictureAttempt, camera: CameraAttempt } as const;
const HINTS = { draw: 'drawHint', picture: 'pictureHint', camera: 'cameraHint' } as const;
type Way = keyof typeof HINTS;

/** Give the model something of one's own, and see what it says. */
export function Attempt({ view, options, classes, data, trainer, model }: AttemptProps) {
  const { t } = useTranslation('model');
  const { task } = view;
  const [question, setQuestion] = useState<Dataset | null>(null);
  const [way, setWay] = useState<Way>(WAYS[task.input.image?.channels ?? 1][0]);
  const outcome = usePrediction(trainer, model, question, task.classes.length);
  const hint = { image: HINTS[way], table: 'tableHint', text: 'textHint' } as const;
  const GivePicture = task.kind === 'image' ? GIVERS[way] : null;
  const choose = (next: Way) => {
    setQuestion(null);
    setWay(next);
  };
  return (
    <div className="grid gap-x-8 gap-y-6 md:grid-cols-2">
      {task.kind === 'table' && outcome.state === 'answered' && (
        // On a phone a long form has the answer out of sight below it. Said aloud there.
        <p
          aria-hidden="true"
          data-over-form
          className="sticky top-0 z-11 -mb-6 truncate border-b border-line bg-surface py-3 font-semibold md:hidden"
        >
          {wordAnswer(t, outcome.shares, classes)}
        </p>
      )}
      <div className="min-w-0">
        {task.input.image && (
          <fieldset aria-label={t('attempt.ways')} className="mb-4 flex gap-2">
            {WAYS[task.input.image.channels].map((each) => (
              <Button
                key={each}
                aria-pressed={way === each}
                look={way === each ? 'plain' : 'quiet'}
                onClick={() => choose(each)}
              >
                {t(`attempt.${each}`)}
              </Button>
            ))}
          </fieldset>
        )}
        {GivePicture && <GivePicture task={task} onAsk={setQuestion} />}
        {task.kind === 'table' && <TableAttempt view={view} options={options} data={data} onAsk={setQuestion} />}
        {task.kind === 'text' && <TextAttempt task={task} onAsk={setQuestion} />}
      </div>
      <div className="min-w-0 md:sticky md:top-28 md:self-start lg:top-6">
        <Answer outcome={outcome} classes={classes} hint={t(`attempt.${hint[task.kind]}`)} />
      </div>
      <p className="text-xs text-muted md:col-span-2">{t('answer.meaning')}</p>
    </div>
  );
}
