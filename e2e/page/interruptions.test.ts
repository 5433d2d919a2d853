import { EVERY_INTERRUPTION, testInterruptions } from '../src/interruptions.ts';

testInterruptions(EVERY_INTERRUPTION);
