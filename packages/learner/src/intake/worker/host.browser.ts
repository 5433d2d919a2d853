import * as Comlink from 'comlink';
import { tableService } from '../../table/service.browser.ts';
import { textService } from '../../text/service.browser.ts';
import { holdLifeline } from '../../worker/lifeline.ts';
import { pictureService } from '../pictures/service.browser.ts';

const service = { pictures: pictureService, tables: tableService, texts: textService };
export type IntakeService = typeof service;

holdLifeline();
Comlink.expose(service);
