import * as Comlink from 'comlink';
import { holdLifeline } from '../../worker/lifeline.ts';
import { pictureService } from '../pictures/service.browser.ts';

const service = { pictures: pictureService };
export type IntakeService = typeof service;

holdLifeline();
Comlink.expose(service);
