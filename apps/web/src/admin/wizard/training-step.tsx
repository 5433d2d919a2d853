import { Card } from '../../ui/card.tsx';
import { ChoiceInput, NumberInput, useForm } from './form.tsx';

/** What each device does in a round, before it seals. */
export function TrainingStep() {
  const { training, rounds } = useForm().draft;
  return (
    <Card title="Training on each device">
      <div className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
        <ChoiceInput
          field="training.optimizer"
          label="Optimiser"
          value={training.optimizer}
          to={(optimizer) => ({ type: 'training', to: { optimizer: optimizer === 'adam' ? 'adam' : 'sgd' } })}
        >
          <option value="sgd">SGD</option>
          <option value="adam">Adam</option>
        </ChoiceInput>
        <NumberInput
          field="training.learningRate"
          label="Learning rate"
          hint="Where the loss grows instead of falling, take a third of it."
          value={training.learningRate}
          to={(learningRate) => ({ type: 'training', to: { learningRate } })}
        />
        {training.optimizer === 'sgd' && (
          <NumberInput
            field="training.momentum"
            label="Momentum"
            hint="Empty: none. Often 0.9."
            value={training.momentum}
            to={(momentum) => ({ type: 'training', to: { momentum } })}
          />
        )}
        <NumberInput
          field="training.epochs"
          label="Local epochs"
          hint="How often a device goes over its own examples in one round."
          value={training.epochs}
          to={(epochs) => ({ type: 'training', to: { epochs } })}
        />
        <NumberInput
          field="training.batchSize"
          label="Batch size"
          value={training.batchSize}
          to={(batchSize) => ({ type: 'training', to: { batchSize } })}
        />
        <NumberInput
          field="training.proximalMu"
          label="μ of FedProx"
          hint="Empty: none. Holds devices with very different examples closer together."
          value={training.proximalMu}
          to={(proximalMu) => ({ type: 'training', to: { proximalMu } })}
        />
        <NumberInput
          field="rounds"
          label="Rounds"
          hint="Of a run, unless it is told otherwise."
          value={rounds}
          to={(value) => ({ type: 'set', to: { rounds: value } })}
        />
      </div>
      <p className="mt-5 text-sm text-muted">
        How updates are combined (FedAvg, FedAdam and others), noise for differential privacy and the committee are
        chosen for each run, when it is started.
      </p>
    </Card>
  );
}
