import type { Command } from 'commander';
import { deviceId, publicKey } from '../arguments.ts';
import type { VerifyOptions } from '../verification.ts';

export function addVerify(program: Command): void {
  program
    .command('verify')
    .description('check the public record of rounds, without any server')
    .argument('<file...>', 'an evidence file, or transcript files of one run; they are chained by round')
    .option('--invite <fragment>', 'what follows # in the invite link: the keys to insist on')
    .option('--study <key>', 'insist on this study key', publicKey)
    .option('--device <id>', 'say of each round where the update of this device is', deviceId)
    .option('--sum <file...>', 'the summed ciphertext of a single transcript, or those of its groups: open them again')
    .option('--model <file>', 'the model the round started from: with --sum, compute the published one again')
    .option(
      '--state <file>',
      'what the strategy remembered before the round, where that is something: goes with --model',
    )
    .action(async (files: string[], options: VerifyOptions) => {
      const { verifyFiles } = await import('../verification.ts');
      await verifyFiles(files, options);
    });
}
