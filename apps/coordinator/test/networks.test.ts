import { expect, it } from 'vitest';
import { createNetworks } from '../src/border/networks.ts';

it('tells networks apart without saying which they are, and otherwise in every process', () => {
  const nameOf = createNetworks();
  expect(nameOf('192.0.2.1')).toMatch(/^[0-9a-f]{8}$/);
  expect(nameOf('192.0.2.200')).toBe(nameOf('192.0.2.1'));
  expect(nameOf('192.0.3.1')).not.toBe(nameOf('192.0.2.1'));
  expect(nameOf('2001:db8:1:2::/64')).toBe(nameOf('2001:db8:1:ff::/64'));
  expect(nameOf('2001:db8:2:2::/64')).not.toBe(nameOf('2001:db8:1:2::/64'));
  expect(createNetworks()('192.0.2.1')).not.toBe(nameOf('192.0.2.1'));
});
