import type { TaskAdmission } from '@sotto/protocol/admission';
import { Card } from '../../ui/card.tsx';
import { useAdmin } from '../frame/context.ts';
import { ChoiceInput, NumberInput, useForm } from './form.tsx';

const ADMISSIONS: Readonly<Record<TaskAdmission, string>> = {
  open: 'anybody with the link',
  invite: 'whoever has an invite code',
  approval: 'devices that you approve, one by one',
  certified: 'devices with a certificate of the study key',
};

/** What bounds one device's part in the model, and who is let in. */
export function PrivacyStep() {
  const { draft } = useForm();
  const { studyKey } = useAdmin();
  const { privacy, admission, run } = draft;
  return (
    <>
      <Card title="What one device may contribute">
        <div className="grid gap-5 sm:grid-cols-2">
          <NumberInput
            field="privacy.minimumCohort"
            label="Fewest contributors to a sum"
            hint="A sum of fewer updates is never opened, whatever a run asks for. The more, the less it says of any one."
            value={privacy.minimumCohort}
            to={(minimumCohort) => ({ type: 'privacy', to: { minimumCohort } })}
          />
          <NumberInput
            field="privacy.clip"
            label="Clip C"
            hint="Longest an update may be (L2 norm); longer ones are shortened. Noise is measured by it."
            value={privacy.clip}
            to={(clip) => ({ type: 'privacy', to: { clip } })}
          />
          <NumberInput
            field="privacy.range"
            label="Range c"
            hint="Largest one coordinate of an update may be in the first round; later rounds find their own."
            value={privacy.range}
            to={(range) => ({ type: 'privacy', to: { range } })}
          />
          <NumberInput
            field="privacy.exampleCap"
            label="Most examples that count"
            hint="Devices with more weigh no more than that."
            value={privacy.exampleCap}
            to={(exampleCap) => ({ type: 'privacy', to: { exampleCap } })}
          />
        </div>
      </Card>
      <Card title="What runs do about it" aside="Each run may be told otherwise">
        <div className="grid gap-5 sm:grid-cols-2">
          <NumberInput
            field="run.epsilon"
            label="Privacy budget ε"
            hint="Empty: no noise. Otherwise every device adds some, so that a whole run tells little of any one. The smaller, the better hidden, and the less is learned."
            value={run.epsilon}
            to={(epsilon) => ({ type: 'run', to: { epsilon } })}
          />
          <NumberInput
            field="run.delta"
            label="δ"
            hint="The chance that more becomes known. Empty: 0.00001, or a tenth of one in the number of contributors."
            value={run.delta}
            to={(delta) => ({ type: 'run', to: { delta } })}
          />
          <NumberInput
            field="run.bits"
            label="Bits of a coordinate"
            hint="Empty: 4. The fewer, the smaller the updates, and the coarser."
            value={run.bits}
            to={(bits) => ({ type: 'run', to: { bits } })}
          />
          <ChoiceInput
            field="run.committee"
            label="Committee"
            hint={
              run.committee === 'named'
                ? 'Devices with a certificate of the study key open the sums, t of m of them together. Name them on the task’s page “Committee”.'
                : 'Who is drawn, the coordinator decides: that protects against one that follows the protocol only.'
            }
            value={run.committee}
            to={(committee) => ({ type: 'run', to: { committee: committee as typeof run.committee } })}
          >
            <option value="">drawn from the devices, unless a run says otherwise</option>
            <option value="drawn">drawn from the devices</option>
            <option value="named" disabled={studyKey === null}>
              named devices{studyKey === null && ' (needs a study key)'}
            </option>
          </ChoiceInput>
        </div>
      </Card>
      <Card title="Who may take part">
        <ChoiceInput
          field="admission"
          label="Let in"
          hint={admission === 'invite' ? 'Codes are made on the task’s page “Share”, once it is saved.' : undefined}
          value={admission}
          to={(value) => ({ type: 'set', to: { admission: value as TaskAdmission } })}
        >
          {Object.entries(ADMISSIONS).map(([value, name]) => (
            <option key={value} value={value} disabled={value === 'certified' && studyKey === null}>
              {name}
              {value === 'certified' && studyKey === null && ' (needs a study key)'}
            </option>
          ))}
        </ChoiceInput>
      </Card>
    </>
  );
}
