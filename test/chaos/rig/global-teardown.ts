import stopServices from '../../support/global-teardown';
import { publishResults } from './results';

export default async function teardown(): Promise<void> {
  publishResults();
  await stopServices();
}
