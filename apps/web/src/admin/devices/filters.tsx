import type { DeviceFilter, DeviceOrder, DevicePage } from '@sotto/protocol/admin/devices';
import { useEffect, useState } from 'react';
import { ChoiceField, TextField } from '../../ui/field.tsx';
import { formatCount } from '../../ui/quantity.ts';
import type { Looking } from './queries.ts';

const FILTERS: Readonly<Record<DeviceFilter, string>> = {
  all: 'All',
  connected: 'Connected',
  waiting: 'Waiting',
  certified: 'Certified',
  failing: 'Failing',
  revoked: 'Shut out',
};
const ORDERS: Readonly<Record<DeviceOrder, string>> = {
  seen: 'last seen',
  name: 'name',
  owner: 'owner',
  contributed: 'contributed',
  failed: 'failed',
  platform: 'platform',
};
/** Nobody types slower. */
const TYPING_MS = 200;

interface FiltersProps {
  looking: Looking;
  counts: DevicePage['counts'];
  onChange: (change: Partial<Looking>) => void;
}

export function Filters({ looking, counts, onChange }: FiltersProps) {
  const [search, setSearch] = useState(looking.search);
  // Back and forward change the address, too.
  useEffect(() => setSearch(looking.search), [looking.search]);
  useEffect(() => {
    if (search === looking.search) return;
    const timer = setTimeout(() => onChange({ search }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [search]);
  return (
    <div className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-3">
      <div className="min-w-56 flex-1">
        <TextField
          label="Search"
          type="search"
          maxLength={200}
          placeholder="name, owner, browser, or how its id begins"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <div className="w-44">
        <ChoiceField
          label="Show"
          value={looking.show}
          onChange={(event) => onChange({ show: event.target.value as DeviceFilter })}
        >
          {Object.entries(FILTERS).map(([filter, name]) => (
            <option key={filter} value={filter}>
              {name} ({formatCount(counts[filter as DeviceFilter])})
            </option>
          ))}
        </ChoiceField>
      </div>
      <div className="w-44">
        <ChoiceField
          label="Order by"
          value={looking.order}
          onChange={(event) => onChange({ order: event.target.value as DeviceOrder })}
        >
          {Object.entries(ORDERS).map(([order, name]) => (
            <option key={order} value={order}>
              {name}
            </option>
          ))}
        </ChoiceField>
      </div>
      <label className="flex min-h-10 items-center gap-2 text-sm">
        <input
          type="checkbox"
          className="size-4 accent-(--accent)"
          checked={looking.reversed === 'true'}
          onChange={(event) => onChange({ reversed: event.target.checked ? 'true' : 'false' })}
        />
        Reversed
      </label>
    </div>
  );
}
