import { createHmac, randomBytes } from 'node:crypto';

/** An IPv4 address's first 24 bits, an IPv6 one's first 48: what one household, office or provider's site has. */
function prefixOf(address: string): string {
  return address.includes(':') ? address.split(':').slice(0, 3).join(':') : address.split('.').slice(0, 3).join('.');
}

/**
 * Names for networks that tell two of them apart and nothing else: a hash under a key that only this process knows, and forgets.
 * @returns of a sender's address (an IPv4 one, or the /64 of an IPv6 one) 8 hexadecimal digits
 */
export function createNetworks(): (address: string) => string {
  const key = randomBytes(32);
  return (address) => createHmac('sha256', key).update(prefixOf(address)).digest('hex').slice(0, 8);
}
