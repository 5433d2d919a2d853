import { OPEN_PINS, type Pins, parseInvite } from '@sotto/protocol/invite';
import { isRejection } from '@sotto/protocol/rejection';

/**
 * What somebody insists on, as they typed or pasted it: nothing, a study key, or the link that was shared (what stands after its # is what
 * counts). A string says what is wrong with it.
 */
export function pinsOf(text: string): Pins | string {
  const trimmed = text.trim();
  if (trimmed === '') return OPEN_PINS;
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return { ...OPEN_PINS, studyKey: trimmed.toLowerCase() };
  const hash = trimmed.indexOf('#');
  if (hash < 0) return 'It must be a study key, 64 hexadecimal digits, or a whole link with its #.';
  const pins = parseInvite(trimmed.slice(hash));
  return isRejection(pins) ? pins.message : pins;
}
