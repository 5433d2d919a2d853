import { verifyKahe } from './known-answers/kahe.ts';
import { verifyShamir } from './known-answers/shamir.ts';
import { verifySignedSum } from './known-answers/signed-sum.ts';

export type { CaseResult } from './known-answers/compare.ts';
export { verifyKahe, verifyShamir, verifySignedSum };
