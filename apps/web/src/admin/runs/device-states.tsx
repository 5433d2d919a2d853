import type { RoundDevice, UpdateState } from '@sotto/protocol/admin/live';
import { useState } from 'react';
import { formatCount, formatPlural } from '../../ui/quantity.ts';
import { DeviceRows } from './device-rows.tsx';
import { UPDATE_STATES } from './state-words.ts';

const STATES = Object.keys(UPDATE_STATES) as UpdateState[];

/** The devices of a round by what they are at, and each of them below: however many there are. */
export function DeviceStates({ devices }: { devices: readonly RoundDevice[] }) {
  const [chosen, setChosen] = useState<UpdateState | 'committee' | null>(null);
  const asked = devices.filter(({ update }) => update !== null);
  const seated = devices.filter(({ seat }) => seat !== null && seat !== 'spare');
  const counts = STATES.map((state) => ({
    state,
    count: asked.filter(({ update }) => update === state).length,
  })).filter(({ count }) => count > 0);
  const shown =
    chosen === null ? devices : chosen === 'committee' ? seated : devices.filter(({ update }) => update === chosen);
  const choose = (state: UpdateState | 'committee') => setChosen((before) => (before === state ? null : state));
  return (
    <div data-testid="device-states">
      <div
        role="img"
        aria-label={counts
          .map(({ state, count }) => `${formatPlural(count, 'device')} ${UPDATE_STATES[state].what}`)
          .join(', ')}
        className="flex h-3 gap-px overflow-hidden rounded-full bg-sunken"
      >
        {counts.map(({ state, count }) => (
          <span
            key={state}
            className={`${UPDATE_STATES[state].fill} transition-[flex-grow] duration-200`}
            style={{ flexGrow: count }}
          />
        ))}
      </div>
      <fieldset className="mt-3 flex flex-wrap gap-2" aria-label="Show only devices that are">
        {counts.map(({ state, count }) => (
          <Filter
            key={state}
            on={chosen === state}
            onClick={() => choose(state)}
            name={UPDATE_STATES[state].name}
            count={count}
            fill={UPDATE_STATES[state].fill}
            title={`${formatPlural(count, 'device')} ${UPDATE_STATES[state].what}`}
            testId={`state-${state}`}
          />
        ))}
        {seated.length > 0 && (
          <Filter
            on={chosen === 'committee'}
            onClick={() => choose('committee')}
            name="Committee"
            count={seated.length}
            title="Devices that hold a share of the key, or are asked to"
            testId="state-committee"
          />
        )}
      </fieldset>
      <DeviceRows devices={shown} />
    </div>
  );
}

interface FilterProps {
  on: boolean;
  onClick: () => void;
  name: string;
  count: number;
  fill?: string;
  title: string;
  testId: string;
}

function Filter({ on, onClick, name, count, fill, title, testId }: FilterProps) {
  return (
    <button
      type="button"
      aria-pressed={on}
      title={title}
      onClick={onClick}
      data-testid={testId}
      data-count={count}
      className="inline-flex min-h-8 items-center gap-2 rounded-full border border-line bg-surface px-3 text-sm hover:bg-sunken aria-pressed:border-accent aria-pressed:bg-accent-soft"
    >
      {fill && <span aria-hidden="true" className={`size-2.5 rounded-full ${fill}`} />}
      {name} <span className="font-semibold">{formatCount(count)}</span>
    </button>
  );
}
