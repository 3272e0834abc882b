import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import stopServices from '../../support/global-teardown';
import { RESULTS_VARIABLE, publishResults } from './results';

export default async function teardown(): Promise<void> {
  publishResults();
  const file = process.env[RESULTS_VARIABLE];
  if (file !== undefined) rmSync(dirname(file), { recursive: true, force: true });
  await stopServices();
}
