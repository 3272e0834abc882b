import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import startServices from '../../support/global-setup';
import { RESULTS_VARIABLE } from './results';

export default async function setup(): Promise<void> {
  process.env[RESULTS_VARIABLE] = join(mkdtempSync(join(tmpdir(), 'treasury-chaos-results-')), 'cases.jsonl');
  await startServices();
}
