import { expect, it } from 'vitest';
import { listWords, readLooking, writeLooking } from './looking.ts';

it('an address says what is looked for, and nothing that is as by default; what it cannot say is left out', () => {
  const address = writeLooking(new URLSearchParams('device=ab'), { search: 'ward 3', order: 'failed' });
  expect(address.toString()).toBe('device=ab&search=ward+3&order=failed');
  const looking = readLooking(address);
  expect(looking).toEqual({ search: 'ward 3', show: 'all', order: 'failed', reversed: 'false' });
  expect(writeLooking(address, { search: '', order: 'seen' }).toString()).toBe('device=ab');
  expect(readLooking(new URLSearchParams('show=nonsense&order=1'))).toMatchObject({ show: 'all', order: 'seen' });
  expect(listWords('mnist', { ...looking, show: 'failing' }).join(' ')).toBe(
    'device list mnist --search ward 3 --show failing --order failed',
  );
});
