import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';

interface CopyButtonProps {
  text: string;
  label: string;
  look?: 'plain' | 'quiet';
}

/** Says whether it worked: pages that are not secure may not write to the clipboard. */
export function CopyButton({ text, label, look = 'plain' }: CopyButtonProps) {
  const { t } = useTranslation('shell');
  const [outcome, setOutcome] = useState<'copied' | 'refused' | null>(null);
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('copied');
    } catch {
      setOutcome('refused');
    }
  }
  return (
    <>
      <Button look={look} onClick={() => void copy()} onBlur={() => setOutcome(null)}>
        {outcome === 'copied' ? t('copy.done') : label}
      </Button>
      <span role="status" className={outcome === 'refused' ? 'text-sm text-warn' : 'sr-only'}>
        {outcome === 'copied' && t('copy.told')}
        {outcome === 'refused' && t('copy.refused')}
      </span>
    </>
  );
}
