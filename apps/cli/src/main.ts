import { canLoadSeal } from '@sotto/he-core/engine-support';
import { Command } from 'commander';
import { addAudit } from './commands/audit.ts';
import { addBackup } from './commands/backup.ts';
import { addDevice } from './commands/device.ts';
import { addDoctor } from './commands/doctor.ts';
import { addJoin } from './commands/join.ts';
import { addLogin } from './commands/login.ts';
import { addModel } from './commands/model.ts';
import { addRun } from './commands/run.ts';
import { addRunExport } from './commands/run-export.ts';
import { addSelftest } from './commands/selftest.ts';
import { addSharing } from './commands/sharing.ts';
import { addSimulate } from './commands/simulate.ts';
import { addStart } from './commands/start.ts';
import { addStudy } from './commands/study.ts';
import { addTask } from './commands/task.ts';
import { addToken } from './commands/token.ts';
import { addVerify } from './commands/verify.ts';
import { explain, Failure } from './failure.ts';

const program = new Command('sotto')
  .description('Federated learning in which nobody, the server included, can read one person’s update.')
  .configureHelp({ sortOptions: true })
  .showSuggestionAfterError();

for (const add of [
  addStart,
  addJoin,
  addSimulate,
  addVerify,
  addStudy,
  addLogin,
  addModel,
  addDevice,
  addTask,
  addRun,
  addRunExport,
  addSharing,
  addAudit,
  addToken,
  addSelftest,
  addDoctor,
  addBackup,
])
  add(program);

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
