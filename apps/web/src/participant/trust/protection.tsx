import type { ParticipantState } from '@sotto/participant/state';
import type { Pins } from '@sotto/protocol/invite';
import type { TaskView } from '@sotto/protocol/views';
import type { ReactNode } from 'react';
import { Card } from '../../ui/card.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { DataCard } from './data-card.tsx';
import { describeProtection } from './protection-wording.ts';

interface ProtectionProps {
  view: TaskView;
  pins: Pins;
  participant: ParticipantState | null;
}

/** What leaves the device, who could open it, and what is not protected: said before anybody joins. */
export function Protection({ view, pins, participant }: ProtectionProps) {
  const statements = describeProtection(pins, participant?.plan?.plan.committee ?? null);
  return (
    <aside className="grid gap-5" aria-label="What is protected">
      <Card title="What leaves this device">
        <ul className="space-y-3 text-sm">
          <Point good>Your examples stay in this page. They are never sent to anybody.</Point>
          <Point good>
            What was learned from them leaves only <em>sealed</em>: encrypted here, under a key of its own that is used
            once.
          </Point>
          <Point good>Besides that, signatures and public keys. Every message is listed below once you join.</Point>
        </ul>
      </Card>
      <Card title="Who can open it" testId="trust">
        <ul className="space-y-3 text-sm">
          {statements.map(({ good, text }) => (
            <Point key={text} good={good}>
              {text}
            </Point>
          ))}
        </ul>
        <dl className="mt-5 space-y-3 border-t border-line pt-4 text-sm">
          <div>
            <dt className="text-muted">Run by</dt>
            <dd>
              the coordinator <Fingerprint of={view.coordinator} />,{' '}
              {pins.coordinator ? 'the one your link names.' : 'which your link does not name.'}
            </dd>
          </div>
          <div>
            <dt className="text-muted">Vouched for by</dt>
            <dd>
              {pins.studyKey ? (
                <>
                  the study key <Fingerprint of={pins.studyKey} />, which your link names.
                </>
              ) : (
                'nobody: your link names no study key.'
              )}
            </dd>
          </div>
        </dl>
      </Card>
      {view.card && <DataCard markdown={view.card} />}
    </aside>
  );
}

function Point({ good, children }: { good?: boolean; children: ReactNode }) {
  return (
    <li className="flex gap-3">
      <svg
        viewBox="0 0 16 16"
        className={`mt-1 size-4 shrink-0 ${good ? 'text-accent' : 'text-warn'}`}
        aria-hidden="true"
      >
        {good ? (
          <path
            d="m3 8.5 3.2 3.2L13 4.8"
            fill="none"
            stroke="currentColor"
            strokeWidth="2"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        ) : (
          <path d="M8 3v6M8 12.4v.2" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
        )}
      </svg>
      <div>{children}</div>
    </li>
  );
}
