import { freePort } from '../../support/free-port';
import { ServiceProcess } from '../../support/service-process';
import type { ChaosWorld } from './chaos-world';
import { type Violation, findLeaks } from './invariants';
import { UNHANDLED } from './process-clock';

/** A process of the service whose connections to PostgreSQL bear its name. */
export interface Replica {
  name: string;
  service: ServiceProcess;
}

/** More processes of the service on one world, to be killed and restarted. */
export class Replicas {
  /** Every process id that there was, those of the dead included. */
  readonly killed = new Set<number>();

  private constructor(
    private readonly world: ChaosWorld,
    readonly all: readonly Replica[],
  ) {}

  static async start(world: ChaosWorld, count: number): Promise<Replicas> {
    const all = await inPairs(
      Array.from({ length: count }, (_, index) => `replica-${index + 1}`),
      async (name) => {
        const url = new URL(world.environment['DATABASE_URL'] ?? '');
        url.searchParams.set('application_name', name);
        const environment = { ...world.environment, DATABASE_URL: url.href };
        return { name, service: await ServiceProcess.start(await freePort(), environment) };
      },
    );
    return new Replicas(world, all);
  }

  /** The one that owns a run or a lease; undefined for a process that is none of these. */
  ownerOf(owner: string | null): Replica | undefined {
    return this.all.find(({ service }) => pidOf(owner) === service.pid);
  }

  /** kill -9, and until PostgreSQL has ended all that the process had under way. */
  async kill({ name, service }: Replica): Promise<void> {
    this.killed.add(service.pid);
    await service.kill();
    await this.world.eventually(`PostgreSQL has noticed the end of ${name}`, async () => {
      // Worlds that share the server give their replicas the same names.
      const left = await this.world.rows(
        'SELECT 1 FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()',
        [name],
      );
      return left.length === 0;
    });
  }

  /** What their logs must not say. */
  findFaults(): Violation[] {
    const logs = new Map(this.all.map(({ name, service }) => [`the log of ${name}`, service.rawLog]));
    const uncaught = [...logs].filter(([, text]) => text.includes(UNHANDLED) || text.includes('"uncaught exception"'));
    return [
      ...findLeaks(logs, this.world.secret),
      ...uncaught.map(([place]) => ({ invariant: 'I7' as const, detail: `an exception reached the top: ${place}` })),
    ];
  }

  async stop(): Promise<void> {
    await Promise.all(this.all.map(({ service }) => service.stop()));
  }
}

/** The process of an owner, which is host, process and chance. */
export function pidOf(owner: string | null): number {
  return Number(owner?.split('/').at(-2) ?? Number.NaN);
}

/** Two at a time: more processes that start at once only keep each other from connecting in time. */
export async function inPairs<T, R>(given: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let first = 0; first < given.length; first += 2) {
    done.push(...(await Promise.all(given.slice(first, first + 2).map(work))));
  }
  return done;
}
