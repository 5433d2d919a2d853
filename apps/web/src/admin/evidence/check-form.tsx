import type { Pins } from '@sotto/protocol/invite';
import { useId, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { pinsOf } from './trust.ts';

interface CheckFormProps {
  label: string;
  busy: boolean;
  /** A study key this browser holds: what its owner insists on, unless they say otherwise. */
  heldKey: string | null;
  onCheck: (pins: Pins, whole: boolean) => void;
}

/** What to insist on and how deep to look, before a check of what the coordinator has. */
export function CheckForm({ label, busy, heldKey, onCheck }: CheckFormProps) {
  const [trust, setTrust] = useState(heldKey ?? '');
  const [whole, setWhole] = useState(false);
  const id = useId();
  const pins = pinsOf(trust);
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (typeof pins !== 'string') onCheck(pins, whole);
      }}
    >
      <TextField
        label="Insist on (may stay empty)"
        hint="The study key, or the link that participants were given. Without it, the keys are those that the records name."
        error={typeof pins === 'string' ? pins : undefined}
        value={trust}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setTrust(event.target.value)}
      />
      <div className="flex items-start gap-2 text-sm">
        <input
          id={id}
          type="checkbox"
          className="mt-1 size-4 accent-(--accent)"
          checked={whole}
          onChange={(event) => setWhole(event.target.checked)}
        />
        <label htmlFor={id}>
          Compute sums and models again
          <span className="block text-muted">
            Where the coordinator still keeps the sums, which it does for the latest rounds. Fetches the models, too.
          </span>
        </label>
      </div>
      <Button look="primary" type="submit" disabled={busy || typeof pins === 'string'}>
        {busy ? 'Checking …' : label}
      </Button>
    </form>
  );
}
