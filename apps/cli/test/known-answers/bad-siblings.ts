/** Every positive vector has bad siblings, and each of them must be found (after libprio-rs). */
export interface Sibling {
  /** What was changed. */
  readonly path: string;
  readonly vector: unknown;
}

/** Those that pass all the same. */
export async function survivorsOf(
  siblings: readonly Sibling[],
  passes: (vector: unknown) => Promise<boolean>,
): Promise<Sibling[]> {
  const passing = await Promise.all(siblings.map(({ vector }) => passes(vector)));
  return siblings.filter((_, i) => passing[i]);
}

/** One sibling for every digit (hexadecimal ones in hexadecimal strings) of every leaf: the next digit in its place. */
export function changedDigits(vector: unknown): Sibling[] {
  return siblingsOf(vector, '', (value, path) => {
    if (typeof value !== 'string' && typeof value !== 'number') return [];
    const text = String(value);
    const pattern = /^[0-9a-f]{16,}$/.test(text) ? /[0-9a-f]/ : /\d/;
    return [...text].flatMap((character, at) => {
      if (!pattern.test(character)) return [];
      const next = pattern.source === '\\d' ? (Number(character) + 1) % 10 : (Number.parseInt(character, 16) + 1) % 16;
      const changed = `${text.slice(0, at)}${next.toString(16)}${text.slice(at + 1)}`;
      return [{ path: `${path}@${at}`, vector: typeof value === 'number' ? Number(changed) : changed }];
    });
  });
}

/** Siblings of another shape: a field or element gone, one too many, a leaf of another type. */
export function misshapen(vector: unknown): Sibling[] {
  return siblingsOf(vector, '', (value, path) => {
    if (Array.isArray(value))
      return [
        { path: `${path} shortened`, vector: value.slice(0, -1) },
        { path: `${path} lengthened`, vector: [...value, value.at(-1)] },
        { path: `${path} emptied`, vector: [] },
        { path: `${path} not a list`, vector: {} },
      ];
    if (typeof value === 'object' && value !== null)
      return [
        ...Object.keys(value).map((name) => {
          const { [name]: _, ...rest } = value as Record<string, unknown>;
          return { path: `${path}.${name} gone`, vector: rest };
        }),
        { path: `${path} with one field more`, vector: { ...value, more: 1 } },
        { path: `${path} null`, vector: null },
      ];
    return [
      { path: `${path} of another type`, vector: typeof value === 'number' ? String(value) : 5 },
      { path: `${path} null`, vector: null },
    ];
  });
}

function siblingsOf(value: unknown, path: string, change: (value: unknown, path: string) => Sibling[]): Sibling[] {
  const own = change(value, path);
  if (Array.isArray(value))
    return own.concat(
      value.flatMap((element, i) =>
        siblingsOf(element, `${path}[${i}]`, change).map((sibling) => ({
          path: sibling.path,
          vector: value.with(i, sibling.vector),
        })),
      ),
    );
  if (typeof value === 'object' && value !== null)
    return own.concat(
      Object.entries(value).flatMap(([name, field]) =>
        siblingsOf(field, `${path}.${name}`, change).map((sibling) => ({
          path: sibling.path,
          vector: { ...value, [name]: sibling.vector },
        })),
      ),
    );
  return own;
}
