import type { Plan } from '@sotto/protocol/plan';
import type { Rejection } from '@sotto/protocol/rejection';
import { type AgreementPorts, agreedTerms, createAgreements, type Disagreement, refusalOf } from './agreements.ts';
import type { Terms } from './terms.ts';

export interface ConsentPorts extends AgreementPorts {
  readonly now: () => number;
  readonly onChange: (change: { readonly agreement: Terms | null } | { readonly disagreement: Disagreement }) => void;
}

/** Refuses whatever was not agreed to, and shows what was and what is asked. */
export function createConsent({ now, onChange, ...ports }: ConsentPorts) {
  const { vault, task } = ports;
  const agreements = createAgreements(ports, now);

  async function weigh(disagreement: Disagreement | undefined, coordinator: string): Promise<Rejection | undefined> {
    if (disagreement) {
      onChange({ disagreement });
      return refusalOf(disagreement);
    }
    onChange({ agreement: await agreedTerms(vault, coordinator, task) });
    return undefined;
  }

  return {
    /** Before anything is said to a coordinator. */
    meet: async (coordinator: string): Promise<Rejection | undefined> =>
      weigh(await agreements.meet(coordinator), coordinator),
    /** Before anything is done under a plan. */
    check: async (plan: Plan, architecture: string | null): Promise<Rejection | undefined> =>
      weigh(await agreements.check(plan, architecture), plan.coordinator),
    agree: agreements.agree,
  };
}
