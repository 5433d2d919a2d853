import type { Command } from 'commander';
export function addVerify(_program: Command): void {}
