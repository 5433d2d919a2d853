import { startIntake } from '@sotto/learner/intake/worker/start.browser';

/** What reads the person's files. Its worker starts with the first file. */
export const intake = startIntake();
