/**
 * Which class each file is of, by its path: the nearest folder named after a class, or a file name that is one or begins with one
 * (`3_me.png`); of a folder also one of the `names` that each class may have besides. Names that merely count the files of a folder (`1.png` … `12.png`) say nothing.
 */
export function classesOfPaths(
  paths: readonly string[],
  classes: readonly string[],
  names: readonly (readonly string[])[] = [],
): (number | null)[] {
  const counted = countedFiles(paths, classes);
  const known = new Map<string, number | null>();
  const named = (name: string) => {
    if (!known.has(name)) known.set(name, classOfName(name, classes) ?? otherClassOf(name, names));
    return known.get(name)!;
  };
  return paths.map((path) => {
    const { folders, stem } = partsOf(path);
    for (const folder of folders.toReversed()) {
      const found = named(folder);
      if (found !== null) return found;
    }
    if (counted.has(path)) return null;
    return named(stem) ?? classOfPrefix(stem, classes);
  });
}

/** The class that has this name besides its own. */
function otherClassOf(name: string, names: readonly (readonly string[])[]): number | null {
  const called = [...names.keys()].filter((place) => names[place]!.some((other) => same(other, name.trim())));
  return called.length === 1 ? called[0]! : null;
}

/** The same of one file on its own. */
export function classOfPath(path: string, classes: readonly string[]): number | null {
  return classesOfPaths([path], classes)[0]!;
}

/** The class called so. Spaces around it do not matter; capitals and accents only where they tell classes apart. */
export function classOfName(name: string, classes: readonly string[]): number | null {
  return choose(name.trim(), [...classes.keys()], classes);
}

function classOfPrefix(stem: string, classes: readonly string[]): number | null {
  const text = stem.normalize();
  const begin = (name: string) => text.slice(0, name.normalize().length);
  const fitting = [...classes.entries()].filter(
    ([, name]) => same(begin(name), name) && /^[ _.-]$/.test(text.charAt(name.normalize().length)),
  );
  // Longest first: with classes `big` and `big cat`, `big cat 1.png` is a big cat.
  const longest = Math.max(...fitting.map(([, name]) => name.length));
  const places = fitting.filter(([, name]) => name.length === longest).map(([place]) => place);
  return places.length === 0 ? null : choose(begin(classes[places[0]!]!), places, classes);
}

/** Of those, the one called exactly so, or else the only one that is called nearly so. */
function choose(name: string, places: readonly number[], classes: readonly string[]): number | null {
  const exact = places.find((place) => classes[place]!.normalize() === name.normalize());
  if (exact !== undefined) return exact;
  const near = places.filter((place) => same(classes[place]!, name));
  return near.length === 1 ? near[0]! : null;
}

/** Fewer may be chance. */
const LEAST_RUN = 3;

/** Files called by a number alone, where in their folder these numbers run on without a gap or are not all classes. */
function countedFiles(paths: readonly string[], classes: readonly string[]): ReadonlySet<string> {
  const byFolder = new Map<string, { path: string; stem: string }[]>();
  for (const path of paths) {
    const { folders, stem } = partsOf(path);
    if (!/^\d+$/.test(stem)) continue;
    const folder = folders.join('/');
    const there = byFolder.get(folder);
    if (there) there.push({ path, stem });
    else byFolder.set(folder, [{ path, stem }]);
  }
  const counted = [...byFolder.values()].filter((files) => {
    const numbers = [...new Set(files.map(({ stem }) => Number(stem)))].sort((a, b) => a - b);
    const runOn = numbers.length >= LEAST_RUN && numbers.at(-1)! - numbers[0]! === numbers.length - 1;
    return runOn || files.some(({ stem }) => !classes.includes(stem));
  });
  return new Set(counted.flat().map(({ path }) => path));
}

function partsOf(path: string): { readonly folders: readonly string[]; readonly stem: string } {
  const folders = path.split('/').filter(Boolean);
  const stem = (folders.pop() ?? '').replace(/\.[^.]*$/, '');
  return { folders, stem };
}

/** All of a few, the first and the last of many. */
export function listClasses(classes: readonly string[]): string {
  return classes.length > 6 ? `${classes.slice(0, 4).join(', ')} … ${classes.at(-1)}` : classes.join(', ');
}

// Comparing by a collator of one's own is a hundred times faster than by localeCompare.
const { compare } = new Intl.Collator('en', { sensitivity: 'base' });

function same(a: string, b: string): boolean {
  return compare(a, b) === 0;
}
