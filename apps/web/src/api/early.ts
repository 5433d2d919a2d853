/**
 * Questions asked while the code that reads the answers is still on its way: on a slow network that is a round trip less before a page is
 * of use. Each answer is taken once.
 */
const asked = new Map<string, Promise<Response>>();

export function askEarly(path: string): void {
  const answer = fetch(path);
  // Whoever takes it hears of the failure.
  answer.catch(() => {});
  asked.set(path, answer);
}

export function takeEarly(path: string): Promise<Response> | undefined {
  const answer = asked.get(path);
  asked.delete(path);
  return answer;
}
