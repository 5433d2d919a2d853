import { type Expression, parseSync, Visitor } from 'oxc-parser';

export interface NamedTest {
  readonly name: string;
  /** A describe that holds at least one test of its own. */
  readonly holdsTests: boolean;
}

/** What a test file calls its tests: the names of its `describe`, `it` and `test`, and the promises of its conformance cases. */
export function namesOfTests(path: string, text: string): readonly NamedTest[] {
  const names: NamedTest[] = [];
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`);
  new Visitor({
    CallExpression(node) {
      const caller = rootOf(node.callee);
      const [first] = node.arguments;
      const name = first && first.type !== 'SpreadElement' ? constant(first) : undefined;
      if (name === undefined || !['describe', 'it', 'test'].includes(caller)) return;
      const inside = text.slice(first!.end, node.end);
      names.push({ name, holdsTests: caller === 'describe' && /\b(?:it|test)(?:\.each)?[(<]/.test(inside) });
    },
    Property(node) {
      const name =
        node.key.type === 'Identifier' && node.key.name === 'promise' ? constant(node.value as Expression) : undefined;
      if (name !== undefined) names.push({ name, holdsTests: false });
    },
  }).visit(program);
  return names;
}

/** `it.each(…)` is `it`. */
function rootOf(node: Expression): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'MemberExpression') return rootOf(node.object);
  return node.type === 'CallExpression' ? rootOf(node.callee) : '';
}

function constant(node: Expression): string | undefined {
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}
