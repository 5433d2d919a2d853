import { inspect } from 'node:util';

/** A setting that is told to nobody by accident: however it is printed or serialised, it says that it is hidden. */
export interface Secret {
  readonly reveal: () => string;
  toJSON(): string;
}

export function hideSecret(value: string): Secret {
  const hidden = () => '[hidden]';
  return Object.assign({ reveal: () => value, toJSON: hidden }, { [inspect.custom]: hidden, toString: hidden });
}
