import type { Dataset } from '@sotto/learner/dataset';
import type { Trainer } from '@sotto/learner/worker/client';
import type { TaskView } from '@sotto/protocol/views';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../ui/button.tsx';
import type { PageOptions } from '../../page-options.ts';
import { Answer } from './answer.tsx';
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

type Way = 'draw' | 'picture';

/** Give the model something of one's own, and see what it says. */
export function Attempt({ view, options, classes, data, trainer, model }: AttemptProps) {
  const { t } = useTranslation('model');
  const { task } = view;
  const [question, setQuestion] = useState<Dataset | null>(null);
  const [way, setWay] = useState<Way>(task.input.image?.channels === 1 ? 'draw' : 'picture');
  const outcome = usePrediction(trainer, model, question, task.classes.length);
  const hint = { image: way === 'draw' ? 'drawHint' : 'pictureHint', table: 'tableHint', text: 'textHint' } as const;
  const choose = (next: Way) => {
    setQuestion(null);
    setWay(next);
  };
  return (
    <div className="grid gap-8 md:grid-cols-2">
      <div className="min-w-0">
        {task.input.image?.channels === 1 && (
          <fieldset aria-label={t('attempt.ways')} className="mb-4 flex gap-2">
            {(['draw', 'picture'] as const).map((each) => (
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
        {task.kind === 'image' &&
          (way === 'draw' ? (
            <DrawingAttempt task={task} onAsk={setQuestion} />
          ) : (
            <PictureAttempt task={task} onAsk={setQuestion} />
          ))}
        {task.kind === 'table' && <TableAttempt view={view} options={options} data={data} onAsk={setQuestion} />}
        {task.kind === 'text' && <TextAttempt task={task} onAsk={setQuestion} />}
      </div>
      <div className="min-w-0 md:sticky md:top-6 md:self-start">
        <Answer outcome={outcome} classes={classes} hint={t(`attempt.${hint[task.kind]}`)} />
      </div>
    </div>
  );
}
