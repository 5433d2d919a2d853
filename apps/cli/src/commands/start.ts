import type { Command } from 'commander';
import { Failure } from '../failure.ts';
import type { StartOptions } from '../server.ts';

export function addStart(program: Command): void {
  program
    .command('start')
    .description('start a coordinator with its pages')
    .option('--port <n>', 'listen on this port; 0 takes any free one (PORT)')
    .option('--host <address>', 'listen on this address (HOST)')
    .option('--data <folder>', 'keep everything in this folder (SOTTO_DATA_DIR)')
    .option('--demo', 'show three rounds of handwritten digits with five participants on this machine')
    .option('--exit', 'with --demo: end afterwards')
    .action(async (options: StartOptions) => {
      if (options.exit && !options.demo) throw new Failure('--exit goes with --demo only.');
      const { runServer } = await import('../server.ts');
      await runServer(options);
    });
}
