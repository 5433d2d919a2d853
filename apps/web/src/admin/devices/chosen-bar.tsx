import type { DeviceEntry } from '@sotto/protocol/admin/devices';
import { command } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatPlural } from '../../ui/quantity.ts';
import { useAction } from '../frame/action.ts';
import { CommandLine } from '../frame/command-line.tsx';
import type { StudyKeys } from '../study/study-key.ts';
import { CompareKeys } from './compare-keys.tsx';

/** A command that names more is no help. */
const MOST_TYPED = 8;

interface ChosenBarProps {
  task: string;
  chosen: readonly DeviceEntry[];
  keys: StudyKeys | undefined;
  onDone: () => void;
}

/** What can be done with several devices at once. */
export function ChosenBar({ task, chosen, keys, onDone }: ChosenBarProps) {
  const { busy, refusal, run } = useAction();
  const decide = (verdict: 'admitted' | 'revoked') =>
    void run(async () => {
      for (const { device } of chosen) await command('POST', '/api/admin/verdicts', { task, device, verdict });
    }).then((done) => done && onDone());
  const signer = keys?.signer;
  const short = chosen.map(({ device }) => device.slice(0, 16));
  return (
    <div data-testid="chosen" className="mb-4 space-y-3 rounded-xl border border-line bg-sunken p-4">
      <fieldset disabled={busy} className="flex flex-wrap items-center gap-3">
        <p className="mr-2 text-sm font-medium">{formatPlural(chosen.length, 'device')} chosen</p>
        <Button onClick={() => decide('admitted')}>Let them in</Button>
        {signer && (
          <>
            <CompareKeys
              {...{ task, signer, onDone }}
              devices={chosen}
              whatFor="device"
              label="Certify as contributors"
            />
            <CompareKeys
              {...{ task, signer, onDone }}
              devices={chosen}
              whatFor="member"
              label="Certify for the committee"
            />
          </>
        )}
        <ConfirmButton
          label="Shut them out"
          title={`Shut out ${formatPlural(chosen.length, 'device')}?`}
          confirm="Shut them out"
          keep="Leave them"
          onConfirm={() => decide('revoked')}
        >
          Their sessions end at once, and their updates of a round that is still collecting are dropped. You can let
          them in again.
        </ConfirmButton>
        <Button look="quiet" onClick={onDone}>
          Choose none
        </Button>
      </fieldset>
      {refusal && <Notice tone="bad" title={refusal} />}
      {chosen.length <= MOST_TYPED && (
        <>
          <CommandLine words={['device', 'approve', task, ...short]} label="Let them in from a shell" />
          {signer && (
            <CommandLine
              words={['device', 'certify', task, ...short, '--role', 'device']}
              label="Certify them as contributors from a shell"
            />
          )}
          <CommandLine words={['device', 'revoke', task, ...short]} label="Shut them out from a shell" />
        </>
      )}
    </div>
  );
}
