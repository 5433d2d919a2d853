import type { Command } from 'commander';
export function addStudy(_program: Command): void {}
