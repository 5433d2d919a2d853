import type { Command } from 'commander';

export function addBackup(program: Command): void {
  program
    .command('backup')
    .description('copy all that a coordinator running on this machine keeps in its data folder, while it runs')
    .requiredOption('--to <folder>', 'a new folder for the copy, best on another disk')
    .option('--data <folder>', 'the coordinator’s data folder (SOTTO_DATA_DIR)')
    .action(async (options: { to: string; data?: string }) => {
      const { runBackup } = await import('../backup.ts');
      await runBackup(options);
    });
}
