/** Which class a picture shows, by its path: the nearest folder named after a class, or a file name that begins with one (`3_me.png`). */
export function classOfPath(path: string, classes: readonly string[]): number | null {
  const folders = path.split('/').filter(Boolean);
  const file = folders.pop() ?? '';
  const named = (text: string) => classes.findIndex((name) => same(name, text));
  for (const folder of folders.reverse()) if (named(folder) !== -1) return named(folder);
  const stem = file.replace(/\.[^.]*$/, '');
  if (named(stem) !== -1) return named(stem);
  // Longest first: with classes 1 and 10, `10_x.png` is a 10.
  const byLength = classes.map((name, index) => ({ name, index })).sort((a, b) => b.name.length - a.name.length);
  const prefix = byLength.find(({ name }) => {
    const next = stem.charAt(name.length);
    return same(stem.slice(0, name.length), name) && /^[ _.-]$/.test(next);
  });
  return prefix?.index ?? null;
}

function same(a: string, b: string): boolean {
  return a.localeCompare(b, 'en', { sensitivity: 'base' }) === 0;
}
