import { afterEach, expect, it, vi } from 'vitest';
import { saveFile } from './save-file.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('a file that is saved can still be read when the browser has asked where to put it, and is let go of later', () => {
  vi.useFakeTimers();
  const clicked = vi.fn();
  const revoke = vi.spyOn(URL, 'revokeObjectURL');
  vi.stubGlobal('document', { createElement: () => ({ click: clicked }) });
  saveFile('list.csv', 'text/csv', 'a,b');
  expect(clicked).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(30_000);
  expect(revoke).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect(revoke).toHaveBeenCalledOnce();
});
