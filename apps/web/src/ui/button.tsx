import type { ComponentProps } from 'react';

const LOOK = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong border-transparent',
  plain: 'bg-surface text-ink hover:bg-sunken border-line-strong',
  quiet: 'bg-transparent text-muted hover:bg-sunken hover:text-ink border-transparent',
  danger: 'bg-surface text-bad hover:bg-bad-soft border-bad',
} as const;

interface ButtonProps extends ComponentProps<'button'> {
  look?: keyof typeof LOOK;
  size?: 'normal' | 'large';
}

export function buttonLook(look: keyof typeof LOOK = 'plain', size: 'normal' | 'large' = 'normal'): string {
  return `inline-flex items-center justify-center gap-2 rounded-lg border font-medium transition-colors disabled:opacity-50 ${
    size === 'large' ? 'min-h-12 px-6 text-base' : 'min-h-10 px-4 text-sm'
  } ${LOOK[look]}`;
}

export function Button({ look, size, className = '', type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={`${buttonLook(look, size)} ${className}`} {...rest} />;
}
