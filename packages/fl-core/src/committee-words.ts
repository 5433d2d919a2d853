import type { Warning } from './committee-health.ts';

/** A warning about a committee: what is so, and what to do about it. */
export interface Said {
  readonly tone: 'bad' | 'warn' | 'calm';
  readonly title: string;
  readonly text: string;
}

const some = (count: number, one: string, many: string) => (count === 1 ? `1 ${one}` : `${count} ${many}`);

/** @param nameOf  what people call a device */
export function sayWarning(warning: Warning, nameOf: (device: string) => string): Said {
  const list = (devices: readonly string[]) => devices.map(nameOf).join(', ');
  switch (warning.code) {
    case 'too_few':
      return {
        tone: 'warn',
        title: `${some(warning.missing, 'member is', 'members are')} missing`,
        text: 'A committee has 3 members at least. Until then runs with a named committee wait.',
      };
    case 'one_owner':
      return {
        tone: 'bad',
        title: `${warning.owner} alone can open sums`,
        text: `${warning.devices} members are theirs, and any ${warning.t} of the smallest committee open a sum. Certify devices of other people, or let some of theirs lapse.`,
      };
    case 'one_network':
      return {
        tone: 'warn',
        title: `${warning.devices} members are in one network`,
        text: `Any ${warning.t} of the smallest committee open a sum: whoever runs that network, or gets into that room, may have all of them. Choose members in other places.`,
      };
    case 'owner_unknown':
      return {
        tone: 'calm',
        title: `Nobody said whose ${some(warning.devices, 'member is', 'members are')}`,
        text: 'Whether one person has enough of them to open sums cannot be told. Note their owners.',
      };
    case 'too_few_here':
      return {
        tone: 'warn',
        title: 'No round can begin now',
        text: `${some(warning.here, 'member is', 'members are')} connected, and a round needs ${warning.m}. Switch on more of them.`,
      };
    case 'none_to_spare':
      return {
        tone: 'calm',
        title: 'No member to spare',
        text: `All ${warning.members} have to be connected for a round to begin. With more members some may be away.`,
      };
    case 'long_gone':
      return {
        tone: 'warn',
        title: `${some(warning.devices.length, 'member has', 'members have')} not been here for more than a day`,
        text: `${list(warning.devices)}. Switch them on, or let them lapse and certify others.`,
      };
    case 'lapsing':
      return {
        tone: 'warn',
        title: `${some(warning.devices.length, 'certificate runs', 'certificates run')} out within two days`,
        text: `${list(warning.devices)}. Renew them.`,
      };
    case 'lapsed':
      return {
        tone: 'warn',
        title: `${some(warning.devices.length, 'certificate has', 'certificates have')} run out`,
        text: `${list(warning.devices)}. Renew them, or certify others.`,
      };
    case 'revoked':
      return {
        tone: 'calm',
        title: `${some(warning.devices.length, 'member is', 'members are')} shut out`,
        text: `${list(warning.devices)}. No round seats them, although their certificates hold.`,
      };
  }
}
