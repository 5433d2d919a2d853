import { testInterruptions } from './src/interruptions.ts';

// One of each kind, at the moments that are easiest to get wrong; e2e/page tries all.
testInterruptions({
  reload: ['sending, a part has arrived', 'checking as a member'],
  outage: ['sent, but not told so'],
  restart: ['learning'],
  gone: ['opening as a member'],
});
