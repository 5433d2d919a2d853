import { Card } from '../../ui/card.tsx';
import { ChoiceInput, NumberInput, useForm } from './form.tsx';
import { STRATEGY_SETTINGS } from './manifest.ts';

/** What each device does in a round, before it seals. */
export function TrainingStep() {
  const { training } = useForm().draft;
  return (
    <>
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
        </div>
      </Card>
      <Runs />
    </>
  );
}

/** What runs do with the mean of a round, unless they are told otherwise. */
function Runs() {
  const { rounds, run } = useForm().draft;
  return (
    <Card title="Runs" aside="Each run may be told otherwise">
      <div className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
        <NumberInput
          field="rounds"
          label="Rounds"
          value={rounds}
          to={(value) => ({ type: 'set', to: { rounds: value } })}
        />
        <ChoiceInput
          field="run.strategy"
          label="Strategy"
          hint="What becomes of a round’s mean."
          value={run.strategy}
          to={(strategy) => ({ type: 'run', to: { strategy } })}
        >
          <option value="">FedAvg, unless a run says otherwise</option>
          {Object.keys(STRATEGY_SETTINGS).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </ChoiceInput>
        {STRATEGY_SETTINGS[run.strategy]?.map((name) => (
          <NumberInput
            key={name}
            field={`run.${name}`}
            label={name}
            hint={name === 'proximal_mu' ? 'Often 0.01 to 1.' : 'Empty: as in Flower.'}
            value={run.settings[name] ?? ''}
            to={(value) => ({ type: 'run', to: { settings: { ...run.settings, [name]: value } } })}
          />
        ))}
      </div>
    </Card>
  );
}
