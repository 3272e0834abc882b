import { freePort } from '../../support/free-port';
import { ServiceProcess } from '../../support/service-process';
import type { ChaosWorld } from './chaos-world';

/** One more process of the service on the same PostgreSQL, Redis, time and upstream. */
export async function startReplica(world: ChaosWorld, changes: Record<string, string> = {}): Promise<ServiceProcess> {
  return ServiceProcess.start(await freePort(), { ...world.environment, ...changes });
}
