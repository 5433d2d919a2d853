import { startIntake } from '@sotto/learner/intake/worker/start.browser';
import { explainByVersion } from '../../pwa/new-version.ts';

/** What reads the person's files. Its worker starts with the first file. */
export const intake = startIntake(explainByVersion);
