import { parseSync } from 'oxc-parser';

/** Human text that stands in the source of a component instead of among the words of every language. */
export interface SpokenWord {
  readonly line: number;
  readonly text: string;
}

/** Attributes that people read or hear, of HTML and of our own components. */
const SPOKEN = new Set([
  'alt',
  'aria-description',
  'aria-label',
  'aria-roledescription',
  'aria-valuetext',
  'aside',
  'confirm',
  'content',
  'hint',
  'instead',
  'keep',
  'label',
  'placeholder',
  'summary',
  'text',
  'title',
  'xName',
]);

/** Fields of what a component is going to show. One word may be a name; several are a text. */
const SHOWN = new Set(['detail', 'hint', 'label', 'text', 'title']);

/** The same in every language. */
const NAMES = /\b(Sotto|WebGPU|WebGL|WASM|CPU|CSV|Parquet|JSON|TF\.js|safetensors)\b/g;

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

const childrenOf = (node: Node): Node[] =>
  Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value]).filter(isNode));

/** Finds text in JSX, and in attributes that are read out, that no translation reaches. */
export function findSpokenWords(file: string, source: string): SpokenWord[] {
  const found: SpokenWord[] = [];
  const note = (at: number, text: string) => {
    const plain = text.trim();
    // Two letters in a row, beside names: marks, units and single letters are no words.
    if (/\p{L}{2}/u.test(plain.replace(NAMES, '')))
      found.push({ line: source.slice(0, at).split('\n').length, text: plain.replace(/\s+/g, ' ') });
  };

  /** What an expression may become on the screen: the branches of a choice, not what it depends on. */
  const noteExpression = (node: Node): void => {
    switch (node.type) {
      case 'Literal':
        if (typeof node.value === 'string') note(node.start, node.value);
        return;
      case 'TemplateLiteral':
        for (const quasi of node.quasis as Node[]) note(quasi.start, (quasi.value as { raw: string }).raw);
        return;
      case 'ConditionalExpression':
        noteExpression(node.consequent as Node);
        noteExpression(node.alternate as Node);
        return;
      case 'LogicalExpression':
        noteExpression(node.right as Node);
        if (node.operator !== '&&') noteExpression(node.left as Node);
        return;
      case 'BinaryExpression':
        if (node.operator !== '+') return;
        noteExpression(node.left as Node);
        noteExpression(node.right as Node);
    }
  };

  const visit = (node: Node): void => {
    if (node.type === 'JSXText') note(node.start, node.value as string);
    else if (node.type === 'JSXElement' || node.type === 'JSXFragment') {
      for (const child of node.children as Node[])
        if (child.type === 'JSXExpressionContainer') noteExpression(child.expression as Node);
    } else if (node.type === 'JSXAttribute' && SPOKEN.has((node.name as Node).name as string)) {
      const value = node.value as Node | null;
      if (value) noteExpression(value.type === 'JSXExpressionContainer' ? (value.expression as Node) : value);
    }
    const { key, value } = node as { key?: Node; value?: Node };
    if (node.type === 'Property' && SHOWN.has(key?.name as string) && value?.type === 'Literal')
      if (/\p{L} \p{L}/u.test(String(value.value))) note(node.start, String(value.value));
    for (const child of childrenOf(node)) visit(child);
  };
  visit(parseSync(file, source).program as unknown as Node);
  return found;
}
