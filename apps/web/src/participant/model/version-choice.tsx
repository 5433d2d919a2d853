import type { PublishedRound } from '@sotto/protocol/run';
import { useTranslation } from 'react-i18next';
import { ChoiceField } from '../../ui/field.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { formatShare } from '../../ui/quantity.ts';

interface VersionChoiceProps {
  /** The latest first; not empty. */
  versions: readonly PublishedRound[];
  version: PublishedRound;
  /** Null: the latest, whichever that will be. */
  onChoose: (round: number | null) => void;
}

/** Which version of the model all this is about, and what is known of it. */
export function VersionChoice({ versions, version, onChoose }: VersionChoiceProps) {
  const { t } = useTranslation('model');
  const [latest] = versions;
  return (
    <div className="grid items-end gap-x-6 gap-y-2 sm:grid-cols-[minmax(0,18rem)_1fr]">
      <ChoiceField
        label={t('version.label')}
        value={version === latest ? '' : version.round}
        onChange={({ target }) => onChoose(target.value === '' ? null : Number(target.value))}
      >
        {versions.map(({ round, testAccuracy }, i) => (
          <option key={round} value={i === 0 ? '' : round}>
            {t(i === 0 ? 'version.latest' : 'version.earlier', { round, share: formatShare(testAccuracy) })}
          </option>
        ))}
      </ChoiceField>
      <p
        className="text-sm text-muted"
        data-testid="model-version"
        data-round={version.round}
        data-model={version.model}
      >
        {t('version.about', {
          round: version.round,
          count: version.contributors,
          share: formatShare(version.testAccuracy),
        })}{' '}
        {t('version.hash')} <Fingerprint of={version.model} groups={2} />
      </p>
    </div>
  );
}
