import { type Rejection, reject } from '@sotto/protocol/rejection';

/** What the address asks for besides the task: `?shard=2/5&by=label&limit=600&backend=wasm&device=2`. */
export interface PageOptions {
  /** Which part of the sample data; null: a part chosen by chance. */
  readonly shard: { readonly index: number; readonly count: number } | null;
  readonly by: 'iid' | 'label';
  readonly limit: number | null;
  /** Training backend to use whatever is faster. */
  readonly backend: string | null;
  /** Makes this tab a device of its own, with its own key: several in one browser, to try things out. */
  readonly device: string | null;
}

export function parsePageOptions(search: string): PageOptions | Rejection<'bad_address'> {
  const fields = new URLSearchParams(search);
  const bad = (name: string, expected: string) =>
    reject(
      'bad_address',
      `The address says ${name}=${fields.get(name)}, which is not ${expected}. Mend it or leave it out.`,
    );
  const shard = readShard(fields.get('shard'));
  if (shard === undefined) return bad('shard', 'a part such as 2/5, the second of five');
  const limit = fields.get('limit');
  if (limit !== null && !/^[1-9]\d{0,6}$/.test(limit)) return bad('limit', 'a number of examples');
  const by = fields.get('by') ?? 'iid';
  if (by !== 'iid' && by !== 'label') return bad('by', '“iid” or “label”');
  const device = fields.get('device');
  if (device !== null && !/^[a-z0-9]{1,16}$/.test(device)) return bad('device', 'up to 16 of a-z and 0-9');
  return { shard, by, limit: limit === null ? null : Number(limit), backend: fields.get('backend'), device };
}

function readShard(text: string | null): PageOptions['shard'] | undefined {
  if (text === null) return null;
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
  const [place, count] = [Number(match?.[1]), Number(match?.[2])];
  return match && place >= 1 && place <= count ? { index: place - 1, count } : undefined;
}
