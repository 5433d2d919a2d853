import { DeviceFilter, DeviceOrder } from '@sotto/protocol/admin/devices';
import type { Looking } from './queries.ts';

/** The address says what is looked for: whatever is not as by default. */
export function readLooking(address: URLSearchParams): Looking {
  return {
    search: (address.get('search') ?? '').slice(0, 200),
    show: DeviceFilter.catch('all').parse(address.get('show')),
    order: DeviceOrder.catch('seen').parse(address.get('order')),
    reversed: address.get('reversed') === 'true' ? 'true' : 'false',
  };
}

export function writeLooking(address: URLSearchParams, change: Partial<Looking>): URLSearchParams {
  const looking = { ...readLooking(address), ...change };
  const next = new URLSearchParams(address);
  const set = (name: keyof Looking, usual: string) => {
    if (looking[name] === usual) next.delete(name);
    else next.set(name, looking[name]);
  };
  set('search', '');
  set('show', 'all');
  set('order', 'seen');
  set('reversed', 'false');
  return next;
}

/** What `sotto` lists the same with. */
export function listWords(task: string, { search, show, order, reversed }: Looking): string[] {
  return [
    ...['device', 'list', task],
    ...(search === '' ? [] : ['--search', search]),
    ...(show === 'all' ? [] : ['--show', show]),
    ...(order === 'seen' ? [] : ['--order', order]),
    ...(reversed === 'true' ? ['--reversed'] : []),
  ];
}
