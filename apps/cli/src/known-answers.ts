import { verifyAccountant } from './known-answers/accountant.ts';
import { verifyKahe } from './known-answers/kahe.ts';
import { verifyLanes } from './known-answers/lanes.ts';
import { verifyShamir } from './known-answers/shamir.ts';
import { verifySignedSum } from './known-answers/signed-sum.ts';
import { verifyStrategies } from './known-answers/strategies.ts';
import { verifyStrings } from './known-answers/strings.ts';
import { type CaseResult, isFields } from './known-answers/vector-file.ts';

interface Kind {
  readonly name: string;
  /** Fields of the file and of its first case by which the kind is told from the others. */
  readonly fields: readonly string[];
  readonly verify: (vector: unknown) => Promise<CaseResult[]>;
}

const KINDS: readonly Kind[] = [
  {
    name: 'accountant',
    fields: ['mechanism', 'rounds', 'orders', 'delta', 'rdp', 'epsilon'],
    verify: verifyAccountant,
  },
  { name: 'kahe', fields: ['crs', 'crsLast', 'psi', 'polyIndex', 'sumM'], verify: verifyKahe },
  { name: 'lanes', fields: ['lanes', 'nMax', 'sumM', 'sumLevels', 'laneBits'], verify: verifyLanes },
  { name: 'shamir', fields: ['candidatesHash', 'chiHead', 'masks', 'shares', 'badDealer'], verify: verifyShamir },
  {
    name: 'signed-sum',
    fields: ['laneBits', 'sumLevels', 'residualSquares', 'sumKey', 'sumLevelsI32LeSha256'],
    verify: verifySignedSum,
  },
  { name: 'strategies', fields: ['strategy', 'clip', 'start', 'rounds'], verify: verifyStrategies },
  {
    name: 'strings',
    fields: ['deviceId', 'ciphertextSha256', 'boxSha256', 'updateToSign', 'updateDigest'],
    verify: verifyStrings,
  },
];

/** Recomputes every value of a known-answer file. The kind is told by the fields, whatever the file is called. */
export async function verifyKnownAnswers(text: string): Promise<readonly CaseResult[]> {
  let vector: unknown;
  try {
    vector = JSON.parse(text);
  } catch (error) {
    return [refused(`this is not JSON: ${error instanceof Error ? error.message : error}`)];
  }
  const kind = kindOf(vector);
  if (!kind) return [refused(`not a known-answer file; known are ${KINDS.map(({ name }) => name).join(', ')}`)];
  const results = await kind.verify(vector);
  return results.length > 0 ? results : [refused('there are no cases')];
}

/** The kind most of whose fields are there: a file that lacks one is still that file, with a field missing. */
function kindOf(vector: unknown): Kind | undefined {
  const found = new Set([...fieldsOf(vector), ...fieldsOf(firstCase(vector))]);
  const share = ({ fields }: Kind) => fields.filter((field) => found.has(field)).length / fields.length;
  const best = KINDS.reduce((best, kind) => (share(kind) > share(best) ? kind : best));
  return share(best) > 0.5 ? best : undefined;
}

function firstCase(vector: unknown): unknown {
  const cases = isFields(vector) ? vector.cases : undefined;
  return Array.isArray(cases) ? cases[0] : undefined;
}

function fieldsOf(value: unknown): string[] {
  return isFields(value) ? Object.keys(value) : [];
}

function refused(difference: string): CaseResult {
  return { case: 'file', ok: false, differences: [difference] };
}
