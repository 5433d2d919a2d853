import { TaskAdmission } from '@sotto/protocol/admission';
import { type AdmissionView, InviteView } from '@sotto/protocol/views';
import { useState } from 'react';
import { command, request } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { ChoiceField, TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatDate } from '../../ui/quantity.ts';
import { useAction } from '../frame/action.ts';
import { CommandLine } from '../frame/command-line.tsx';

const MODES: Readonly<Record<TaskAdmission, { name: string; hint: string }>> = {
  open: { name: 'whoever has the link', hint: 'Links get around, and cannot prove that devices are different people.' },
  approval: {
    name: 'devices you approve of',
    hint: 'Others wait, and are told at once. A code in the link is an approval in advance.',
  },
  invite: { name: 'devices with an invite code', hint: 'Newcomers without one are turned away.' },
  certified: {
    name: 'devices the study key vouches for',
    hint: 'Others wait for their certificate: certify them under “Devices”.',
  },
};
const DAY_MS = 24 * 3_600_000;
const MadeInvite = InviteView.extend({ code: InviteView.shape.label });

interface AdmissionProps {
  view: AdmissionView;
  certifiable: boolean;
  /** A code has been made; it is told this once. */
  onCode: (code: string) => void;
}

/** Who is let in to the task. What is chosen holds at once, also for those that are connected. */
export function Admission({ view: { task, admission, invites }, certifiable, onCode }: AdmissionProps) {
  const { busy, refusal, run } = useAction();
  return (
    <Card title="Who may take part" testId="admission">
      <ChoiceField
        label="Let in"
        value={admission}
        disabled={busy}
        hint={MODES[admission].hint}
        onChange={(event) =>
          void run(() => command('PUT', `/api/admin/tasks/${task}/admission`, { admission: event.target.value }))
        }
      >
        {TaskAdmission.options.map((mode) => (
          <option key={mode} value={mode} disabled={mode === 'certified' && !certifiable}>
            {MODES[mode].name}
            {mode === 'certified' && !certifiable && ' (needs a study key)'}
          </option>
        ))}
      </ChoiceField>
      {refusal && <Notice tone="bad" title={refusal} />}
      <div className="mt-4">
        <CommandLine words={['task', 'admit', task, admission]} />
      </div>
      {(admission === 'invite' || admission === 'approval') && (
        <>
          <NewInvite task={task} onCode={onCode} />
          {invites.length > 0 && (
            <ul className="mt-5 divide-y divide-line border-t border-line" data-testid="invites">
              {invites.map((invite) => (
                <Invite
                  key={invite.invite}
                  invite={invite}
                  onRevoke={(devices) =>
                    void run(() => command('DELETE', `/api/admin/invites/${invite.invite}?devices=${devices}`))
                  }
                />
              ))}
            </ul>
          )}
        </>
      )}
    </Card>
  );
}

function NewInvite({ task, onCode }: Pick<AdmissionProps, 'onCode'> & { task: string }) {
  const [label, setLabel] = useState('');
  const [uses, setUses] = useState('1');
  const [days, setDays] = useState('7');
  const { busy, refusal, run } = useAction();
  async function make(): Promise<void> {
    const expiry = days === '' ? null : Date.now() + Math.round(Number(days) * DAY_MS);
    const body = { task, label, uses: Number(uses), expiry };
    onCode((await request(MadeInvite, 'POST', '/api/admin/invites', body)).code);
    setLabel('');
  }
  return (
    <form
      className="mt-5 space-y-4 border-t border-line pt-5"
      onSubmit={(event) => {
        event.preventDefault();
        void run(make);
      }}
    >
      <TextField
        label="Whom the code is for"
        hint="Only you see this."
        maxLength={200}
        value={label}
        onChange={(event) => setLabel(event.target.value)}
      />
      <div className="grid grid-cols-2 gap-4">
        <TextField
          label="Devices"
          type="number"
          min={1}
          max={100_000}
          required
          value={uses}
          onChange={(event) => setUses(event.target.value)}
        />
        <TextField
          label="Days it holds"
          type="number"
          min={0.01}
          step="any"
          placeholder="for ever"
          value={days}
          onChange={(event) => setDays(event.target.value)}
        />
      </div>
      {refusal && <Notice tone="bad" title={refusal} />}
      <Button type="submit" disabled={busy}>
        Make an invite link
      </Button>
      <CommandLine
        words={[
          ...['task', 'invite', task, '--uses', uses],
          ...(label === '' ? [] : ['--label', label]),
          ...(days === '' ? ['--for-ever'] : ['--days', days]),
        ]}
      />
    </form>
  );
}

function Invite({ invite, onRevoke }: { invite: InviteView; onRevoke: (devices: boolean) => void }) {
  const { label, uses, used, expiry, revoked } = invite;
  const over = revoked !== null ? 'revoked' : expiry !== null && expiry <= Date.now() ? 'expired' : null;
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3 text-sm" data-testid="invite-row">
      <div className="min-w-0">
        <p className="font-medium [overflow-wrap:anywhere]">{label || 'unnamed code'}</p>
        <p className="text-muted">
          {used} of {uses} used{over ? `, ${over}` : expiry !== null && `, until ${formatDate(expiry)}`}
        </p>
      </div>
      <ConfirmButton
        label={revoked === null ? 'Revoke' : 'Shut out its devices'}
        title={revoked === null ? 'Revoke this code?' : 'Shut out its devices?'}
        confirm={used > 0 ? 'And shut out its devices' : 'Revoke it'}
        keep="Leave it"
        {...(revoked === null && used > 0 && { instead: 'Revoke the code only', onInstead: () => onRevoke(false) })}
        onConfirm={() => onRevoke(used > 0)}
      >
        A revoked code lets nobody in any more. Devices that came by it stay, unless you shut them out, too.
      </ConfirmButton>
    </li>
  );
}
