import type { Problems } from './manifest.ts';

export const STEPS = ['about', 'data', 'model', 'training', 'privacy', 'evaluation', 'save'] as const;
export type Step = (typeof STEPS)[number];

export const STEP_NAMES: Readonly<Record<Step, string>> = {
  about: 'About',
  data: 'Examples',
  model: 'Model',
  training: 'Training',
  privacy: 'Privacy and admission',
  evaluation: 'Evaluation',
  save: 'Save',
};

/** The step in which a field is filled in. */
export function stepOf(field: string): Step {
  const [first, second = ''] = field.split('.');
  switch (first) {
    case 'title':
    case 'id':
    case 'summary':
    case 'card':
    case 'translations':
    case 'aliases':
      return 'about';
    case 'model':
      return 'model';
    case 'training':
    case 'rounds':
      return 'training';
    case 'privacy':
      return 'privacy';
    case 'run':
      return ['bits', 'epsilon', 'delta', 'dp', 'committee'].includes(second) ? 'privacy' : 'training';
    case 'heldOut':
      return 'evaluation';
    default:
      return 'data';
  }
}

/** How many fields of each step are wrong or missing. */
export function problemsByStep(problems: Problems): ReadonlyMap<Step, number> {
  const counts = new Map<Step, number>();
  for (const field of problems.keys()) counts.set(stepOf(field), (counts.get(stepOf(field)) ?? 0) + 1);
  return counts;
}

export function isStep(name: string | null): name is Step {
  return STEPS.includes(name as Step);
}
