import { deviceIdOf } from '@sotto/protocol/ids';
import { contributorsOf, partsOf, type TranscriptBody } from '@sotto/protocol/transcript';

/**
 * Where a record says that a device's update is: in a sum that counts; in that of a group that was left out for making the model worse; among
 * the candidates' updates that the committee could not use; nowhere.
 */
export type Inclusion = 'included' | 'left-out' | 'dropped' | 'absent';

/** As the record has it, whether or not it holds. */
export function inclusionOf(body: TranscriptBody, device: string): Inclusion {
  const leftOut = body.version === 1 ? [] : body.parts.filter(({ kept }) => !kept);
  if (leftOut.some(({ contributors }) => contributors.includes(device))) return 'left-out';
  if (contributorsOf(body).includes(device)) return 'included';
  const isOwn = ({ key }: { readonly key: string }) => deviceIdOf(key) === device;
  return partsOf(body).some(({ candidates }) => candidates.some(isOwn)) ? 'dropped' : 'absent';
}
