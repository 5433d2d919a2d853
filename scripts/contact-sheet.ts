/** What a browser test kept of one state of the page, beside its pictures. */
export interface PhotographedState {
  readonly name: string;
  readonly pictures: readonly string[];
  readonly violations: readonly string[];
}

/** One page with every picture, small, so that a person sees all of them in a minute. `titles`: what each state shows, in order. */
export function writeContactSheet(
  states: readonly PhotographedState[],
  titles: Readonly<Record<string, string>>,
): string {
  const order = Object.keys(titles);
  const place = ({ name }: PhotographedState) => (order.includes(name) ? order.indexOf(name) : order.length);
  const sections = states.toSorted((a, b) => place(a) - place(b)).map((state) => writeState(state, titles[state.name]));
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Every state of the participant page</title>
<style>
  body { font: 14px/1.4 system-ui, sans-serif; margin: 2rem; background: #888; }
  section { break-inside: avoid; margin: 0 0 2rem; padding: 1rem; background: #fff; border-radius: 8px; }
  h2 { margin: 0 0 .25rem; font-size: 1rem; }
  p { margin: 0 0 .75rem; color: #555; }
  .bad { color: #b00; white-space: pre-wrap; }
  div { display: flex; gap: 1rem; align-items: flex-start; overflow-x: auto; }
  img { height: 420px; width: auto; max-width: 640px; object-fit: cover; object-position: top; border: 1px solid #ccc; }
</style>
${sections.join('\n')}
</html>
`;
}

function writeState({ name, pictures, violations }: PhotographedState, title = 'Not in the table of states'): string {
  const images = pictures.map((file) => `<a href="${file}"><img src="${file}" alt="${file}" loading="lazy"></a>`);
  const faults = violations.map((violation) => `<p class="bad">${escapeHtml(violation)}</p>`);
  return `<section id="${name}"><h2>${name}</h2><p>${escapeHtml(title)}</p>${faults.join('')}<div>${images.join('')}</div></section>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
