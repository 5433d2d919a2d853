/** Which class a picture shows, by its path: the nearest folder named after a class, or a file name that begins with one (`3_me.png`). */
export function classOfPath(path: string, classes: readonly string[]): number | null {
  const folders = path.split('/').filter(Boolean);
  const file = folders.pop() ?? '';
  for (const folder of folders.reverse()) {
    const named = classOfName(folder, classes);
    if (named !== null) return named;
  }
  const stem = file.replace(/\.[^.]*$/, '');
  const whole = classOfName(stem, classes);
  if (whole !== null) return whole;
  // Longest first: with classes 1 and 10, `10_x.png` is a 10.
  const byLength = classes.map((name, index) => ({ name, index })).sort((a, b) => b.name.length - a.name.length);
  const prefix = byLength.find(({ name }) => {
    const next = stem.charAt(name.length);
    return same(stem.slice(0, name.length), name) && /^[ _.-]$/.test(next);
  });
  return prefix?.index ?? null;
}

/** The class called so, capitals, accents and spaces around it apart. */
export function classOfName(name: string, classes: readonly string[]): number | null {
  const found = classes.findIndex((known) => same(known, name.trim()));
  return found === -1 ? null : found;
}

// Comparing by a collator of one's own is a hundred times faster than by localeCompare.
const { compare } = new Intl.Collator('en', { sensitivity: 'base' });

function same(a: string, b: string): boolean {
  return compare(a, b) === 0;
}
