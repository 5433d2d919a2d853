/** Small choices that outlive the page. Without storage (blocked, or full) they last as long as it does. */
type Choice = 'theme' | 'language' | 'backend' | 'backends';

const keyOf = (choice: Choice): string => `sotto.${choice}`;

export function recallChoice(choice: Choice): string | null {
  try {
    return localStorage.getItem(keyOf(choice));
  } catch {
    return null;
  }
}

/** `null` takes the choice back. */
export function keepChoice(choice: Choice, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(keyOf(choice));
    else localStorage.setItem(keyOf(choice), value);
  } catch {
    // It is not kept, then.
  }
}
