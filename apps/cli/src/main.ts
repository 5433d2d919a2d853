import { canLoadSeal } from '@sotto/he-core/engine-support';
import { explain, Failure } from './failure.ts';
import { createProgram } from './program.ts';

const program = createProgram();

// Whoever is asked what is wrong here must not fail of it.
program.hook('preAction', (_program, command) => {
  if (command.name() !== 'doctor' && !canLoadSeal())
    throw new Failure(
      `Node ${process.version} lacks WebAssembly exception references (exnref), which SEAL needs. Use Node 24 or later, without flags that switch them off; “npm run sotto -- …” brings one.`,
    );
});

try {
  await program.parseAsync();
} catch (error) {
  console.error(`sotto: ${explain(error)}`);
  // Whatever is still running belongs to what just failed.
  process.exit(1);
}
