import { vaultCases } from '@sotto/participant/vault/conformance';
import { MEMORY_CASES } from '../../../packages/participant/test/member-memory.ts';

/** What the page's vault has to promise: as a vault, and as the memory of a committee member. */
export const CASES = { vault: vaultCases({ reopens: true }), member: MEMORY_CASES };
export type Suite = keyof typeof CASES;
