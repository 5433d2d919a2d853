import { Failure } from './failure.ts';

/** `cohort.least=5` and the like as the request of a run: settings by the names they have in the form, in a run's records and over REST. */
export function requestOf(task: string, settings: readonly string[], base: object = {}): Record<string, unknown> {
  const request: Record<string, unknown> = { ...structuredClone(base), task };
  for (const setting of settings) {
    const [, path = '', text = ''] = /^([A-Za-z_.0-9]+)=(.*)$/s.exec(setting) ?? [];
    if (path === '')
      throw new Failure(
        `“${setting}” is no setting. Write NAME=VALUE, such as rounds=10 or cohort.least=5; “sotto run show RUN” has their names.`,
      );
    set(request, path.split('.'), valueOfText(text));
  }
  return request;
}

/** `null` takes back what a cloned run had. */
function valueOfText(text: string): unknown {
  if (text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?(e-?\d+)?$/i.test(text) && text.length <= 24 ? Number(text) : text;
}

function set(request: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    request[name] = value;
    return;
  }
  const inner = request[name];
  const known = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
  // Another strategy has other numbers.
  const next = rest[0] === 'name' && known.name !== value ? {} : { ...known };
  request[name] = next;
  set(next, rest, value);
}
