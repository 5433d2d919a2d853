import type { Fate } from './device.ts';
import type { Kill } from './orders.ts';

/** What dies of what in a case, as text on the command line: `append:update:after@2+50,device-0:write:before@3`; 50 is `lingerMs`. */
export interface Deaths {
  readonly kills: readonly Kill[];
  readonly fates: ReadonlyMap<number, Fate>;
}

export function writeDeaths({ kills, fates }: Deaths): string {
  return [
    ...kills.map(({ failpoint, nth, lingerMs }) => `${failpoint}@${nth}${lingerMs > 0 ? `+${lingerMs}` : ''}`),
    ...[...fates].map(([index, { of, when, nth }]) => `device-${index}:${of}:${when}@${nth}`),
  ].join(',');
}

/** @throws Error on what is no such text. */
export function readDeaths(text: string): Deaths {
  const kills: Kill[] = [];
  const fates = new Map<number, Fate>();
  for (const death of text.split(',')) {
    const [, what, nth, linger] = /^([a-zA-Z0-9:_-]+)(?:@(\d+)(?:\+(\d+))?)?$/.exec(death) ?? [];
    if (what === undefined) throw new Error(`“${death}” is no death: give failpoint@nth or device-0:write:before@nth.`);
    const [, index, of, when] = /^device-(\d+):(write|request):(before|after)$/.exec(what) ?? [];
    if (index === undefined) kills.push({ failpoint: what, nth: Number(nth ?? 1), lingerMs: Number(linger ?? 0) });
    else fates.set(Number(index), { of: of as Fate['of'], when: when as Fate['when'], nth: Number(nth ?? 1) });
  }
  return { kills, fates };
}
