import { z } from 'zod';

/**
 * That this tab takes part, and with which examples, so that after a reload it goes on by itself: consent was given in this tab, for these
 * examples. It lasts as long as the tab (sessionStorage): whoever closes it and comes back is asked anew.
 */
const Intent = z.discriminatedUnion('with', [
  /** Those that this browser remembers since `at`, and no others. */
  z.strictObject({ with: z.literal('remembered'), at: z.number() }),
  /** A part of the sample data, which can be fetched again. */
  z.strictObject({ with: z.literal('sample'), index: z.number().int().min(0), count: z.number().int().min(1) }),
  /** Some that were in the page only. */
  z.strictObject({ with: z.literal('lost') }),
]);
export type Intent = z.infer<typeof Intent>;

interface Whose {
  readonly task: string;
  readonly device: string | null;
}

const keyOf = ({ task, device }: Whose) => `sotto.joined/${device ?? ''}/${task}`;

/** Null: this tab does not take part. */
export function storeIntent(whose: Whose, intent: Intent | null): void {
  try {
    if (intent) sessionStorage.setItem(keyOf(whose), JSON.stringify(intent));
    else sessionStorage.removeItem(keyOf(whose));
  } catch {
    // Without storage a reload is a new beginning.
  }
}

export function storedIntent(whose: Whose): Intent | null {
  try {
    const parsed = Intent.safeParse(JSON.parse(sessionStorage.getItem(keyOf(whose)) ?? 'null'));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
