/** What was found where somebody looked: what is, and when it is not well, what to do. */
export interface Finding {
  readonly level: 'ok' | 'warn' | 'fail';
  readonly says: string;
}

export interface Check {
  readonly name: string;
  /** What it throws is a finding, too: that something is wrong there. */
  readonly look: () => Finding | Promise<Finding>;
}

export const ok = (says: string): Finding => ({ level: 'ok', says });
export const warn = (says: string): Finding => ({ level: 'warn', says });
export const fail = (says: string): Finding => ({ level: 'fail', says });
