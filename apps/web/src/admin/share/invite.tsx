import { linkTo, type Trust, usualTrust } from '@sotto/protocol/admin/link';
import type { TaskEntry } from '@sotto/protocol/admin/overview';
import type { TaskAdmission } from '@sotto/protocol/admission';
import { useState } from 'react';
import { Card } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ChoiceField } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { CommandLine } from '../frame/command-line.tsx';
import { useAdmin } from '../frame/context.ts';
import { QrCode } from './qr-code.tsx';

interface InviteProps {
  task: TaskEntry;
  admission: TaskAdmission;
  /** The invite code that was made last. */
  code: string | null;
}

/** The link to share. What stands after its # is whom the devices trust; browsers never send it to the server. */
export function Invite({ task, admission, code }: InviteProps) {
  const { coordinator, studyKey, publicUrl } = useAdmin();
  const [trust, setTrust] = useState(usualTrust(studyKey));
  const link = linkTo({ publicUrl, task: task.id, coordinator, studyKey, code }, trust);
  return (
    <Card title="Invite devices" testId="invite">
      {code && (
        <div className="mb-4">
          <Notice tone="calm" title="This link holds the new code" testId="new-code">
            Copy it now: the coordinator does not keep the code and cannot show it again.
          </Notice>
        </div>
      )}
      {!code && admission === 'invite' && (
        <div className="mb-4">
          <Notice tone="warn" title="This link lets in no newcomers">
            Make an invite link below, under “Who may take part”.
          </Notice>
        </div>
      )}
      <QrCode text={link} label={`QR code of the link to ${task.title}`} />
      <p
        className="mt-4 max-h-24 overflow-auto rounded-lg bg-sunken px-3 py-2 font-mono text-xs [overflow-wrap:anywhere]"
        data-testid="invite-link"
      >
        {link}
      </p>
      <div className="mt-4 flex flex-wrap gap-3">
        <CopyButton text={link} label="Copy the link" />
        <a
          href={link}
          className="inline-flex min-h-10 items-center px-2 text-sm text-accent underline underline-offset-4"
        >
          Open it here
        </a>
      </div>
      {studyKey && (
        <div className="mt-4">
          <ChoiceField
            label="Devices with this link trust"
            value={trust}
            onChange={(event) => setTrust(event.target.value as Trust)}
            hint={
              trust === 'coordinator'
                ? 'Protected against a coordinator that follows the protocol only. Fits drawn committees.'
                : 'They take part only in runs with a named committee.'
            }
          >
            <option value="coordinator">this coordinator</option>
            <option value="study">the study key, for the committee</option>
            <option value="certified">the study key, for committee and contributors</option>
          </ChoiceField>
        </div>
      )}
      {!code && (
        <div className="mt-5">
          <CommandLine
            words={['task', 'link', task.id, ...(trust === usualTrust(studyKey) ? [] : ['--trust', trust])]}
          />
        </div>
      )}
    </Card>
  );
}
