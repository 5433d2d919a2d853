import type { NoiseTerms, Terms } from '@sotto/participant/terms';
import { formatCount, formatDecimal, formatExact } from '../../ui/quantity.ts';
import type { Words } from '../../words/words.ts';
import type { Statement } from './statement.ts';

/** With a larger ε the odds may rise more than twenty-thousandfold: nothing that anybody would call protection. */
const MOST_PROTECTIVE = 10;

/** Whether noise hides what one device adds, what that promises, and on whom it counts; claims no more than docs/PRIVACY.md. */
export function describeNoise(t: Words<'trust'>, noise: Terms['noise']): Statement[] {
  const limit = (text: string): Statement => ({ good: false, text });
  if (noise === null) return [limit(t('open.noNoiseYet'))];
  if (noise === 'none') return [limit(t('open.noNoise'))];
  const others = noise.contributors - 1;
  return [promiseOf(t, noise), limit(others === 0 ? t('open.noiseAlone') : t('open.noiseTrust', { count: others }))];
}

function promiseOf(t: Words<'trust'>, { epsilon, delta }: NoiseTerms): Statement {
  if (epsilon === null) return { good: false, text: t('open.noiseUnlimited') };
  if (epsilon > MOST_PROTECTIVE) return { good: false, text: t('open.noiseWeak', { epsilon: formatExact(epsilon) }) };
  const factor = Math.exp(epsilon);
  return {
    good: true,
    text: t('open.noise', {
      epsilon: formatExact(epsilon),
      factor: factor < 10 ? formatDecimal(Math.ceil(factor * 10) / 10, 1) : formatCount(Math.ceil(factor)),
      chance: formatCount(Math.round(1 / delta)),
    }),
  };
}

/** The noise of terms that changed. */
export function describeNoiseTerms(t: Words<'trust'>, noise: NoiseTerms | 'none'): string {
  if (noise === 'none') return t('changed.noise.none');
  const { epsilon, delta, contributors } = noise;
  const settled = { delta: formatExact(delta), contributors: formatCount(contributors) };
  return epsilon === null
    ? t('changed.noise.unlimited', settled)
    : t('changed.noise.some', { ...settled, epsilon: formatExact(epsilon) });
}
