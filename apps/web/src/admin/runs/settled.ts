import { useEffect, useState } from 'react';

/** Between two keys nobody wants to know. */
const PAUSE_MS = 200;

/** A value that is typed, once nothing more has been typed for a moment. */
export function useSettled<T>(value: T): T {
  const text = JSON.stringify(value);
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return JSON.parse(settled) as T;
}
