import type { Person } from '@sotto/protocol/views';

/** Claims of an OpenID provider about one person. */
export type Claims = Readonly<Record<string, unknown>>;

/** One that a claim must have, or be among where the claim is a list. */
export interface Grant {
  readonly claim: string;
  readonly value: string;
}

/**
 * `ada@example.org, groups=sotto-admins`: an address, which the provider must have verified, or any claim and its value.
 * Undefined for anything else.
 */
export function parseGrants(text: string): Grant[] | undefined {
  const grants = text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
    .map((entry) => {
      const [, claim = 'email', value = ''] = /^(?:([\w.:/-]+)=)?(.+)$/.exec(entry) ?? [];
      return { claim, value };
    });
  const fine = grants.every(
    ({ claim, value }) => value !== '' && (claim !== 'email' || /^[^@\s]+@[^@\s]+$/.test(value)),
  );
  return fine && grants.length > 0 ? grants : undefined;
}

export interface Grants {
  readonly admins: readonly Grant[];
  readonly viewers: readonly Grant[];
}

/** The larger of the roles that these claims have a right to. */
export function roleOf(claims: Claims, { admins, viewers }: Grants): Person['role'] | undefined {
  const has = (grant: Grant) => holds(claims, grant);
  if (admins.some(has)) return 'admin';
  return viewers.some(has) ? 'viewer' : undefined;
}

function holds(claims: Claims, { claim, value }: Grant): boolean {
  const found = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  // Anybody can enter somebody else's address where nobody checks it.
  if (claim === 'email')
    return claims.email_verified === true && typeof found === 'string' && found.toLowerCase() === value.toLowerCase();
  return Array.isArray(found) ? found.includes(value) : found === value;
}
