import { expect, it } from 'vitest';
import { cameraFault } from './camera-fault.ts';

it.each([
  ['NotAllowedError', 'denied'],
  ['NotFoundError', 'missing'],
  ['OverconstrainedError', 'missing'],
  ['NotReadableError', 'busy'],
  ['AbortError', 'busy'],
  ['TypeError', 'failed'],
] as const)('a browser that says %s means that the camera is %s', (name, fault) => {
  expect(cameraFault(new DOMException('', name))).toBe(fault);
});
