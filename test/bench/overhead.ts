import { CallMetrics, EventLoopLag, MetricsLedger, PrometheusMetrics } from '../../src/metrics';
import { createLogger, SystemClock } from '../../src/common';
import { startSimulator } from '../simulator';
import { testSettings } from '../support/test-settings';
import autocannon from 'autocannon';
import { type BenchContext, type Figure } from './figure';
import { median, timed } from './measure';
import { startService } from './service';

export const name = 'overhead';

const CALLS = 20_000;
/** After the first sync has been applied and its garbage has gone. */
const REST_MS = 10_000;

/** What watching costs, and what the service needs before anybody asks it anything. */
export async function run(context: BenchContext): Promise<Figure[]> {
  return [...(await measureRecorders(context)), ...(await measureService(context))];
}

async function measureRecorders({ runs }: BenchContext): Promise<Figure[]> {
  const settings = testSettings();
  const clock = new SystemClock();
  const ledger = new MetricsLedger(clock);
  const metrics = new CallMetrics(settings, ledger, new PrometheusMetrics(settings, new EventLoopLag(clock)));
  const logger = createLogger({ level: 'info', directory: undefined, stdout: { write: () => undefined } });
  const each = async (work: () => void): Promise<number> => {
    const times: number[] = [];
    for (let round = 0; round <= runs; round += 1) {
      const took = await timed(() => {
        for (let call = 0; call < CALLS; call += 1) work();
      });
      if (round > 0) times.push((took * 1000) / CALLS);
    }
    return median(times);
  };
  const attempt = { endpoint: '/api/dtao/pool/latest/v1', status: 200, latencyMs: 123.4, attempt: 1 } as const;
  const error = { code: 'taostats/server-error', message: 'HTTP 502' };
  const line = { request_id: '0198c9d6-55c5-7abc-8def-0123456789ab', method: 'GET', path: '/api/v1/trust-pack' };
  const microseconds = { group: name, unit: 'µs' };
  return [
    {
      ...microseconds,
      name: 'metrics of an upstream call that succeeds',
      value: await each(() => metrics.recordAttempt({ ...attempt, outcome: 'ok' })),
      floor: { atMost: 20 },
    },
    {
      ...microseconds,
      name: 'metrics of an upstream call that fails',
      value: await each(() => metrics.recordAttempt({ ...attempt, status: 502, outcome: 'transient', error })),
      floor: { atMost: 20 },
    },
    {
      ...microseconds,
      name: 'line in the log per request, redacted',
      value: await each(() => logger.info({ ...line, status: 200, duration_ms: 0.4 }, 'request')),
      note: 'requests are counted by no metric',
    },
  ];
}

async function measureService({ quick, createDatabase }: BenchContext): Promise<Figure[]> {
  const simulator = await startSimulator({ ratePerMinute: 100_000 });
  const database = await createDatabase();
  const service = await startService({ databaseUrl: database.url, upstreamUrl: simulator.url });
  try {
    await new Promise((wake) => setTimeout(wake, quick ? REST_MS / 5 : REST_MS));
    const restMb = service.memoryMb();
    const load = autocannon({ url: `${service.url}/api/v1/trust-pack`, connections: 50, duration: quick ? 2 : 10 });
    await load;
    const loadMb = service.memoryMb();
    const megabytes = { group: name, unit: 'MB', note: 'resident; the database is another process' };
    return [
      { group: name, name: 'start of the process to the first good /readyz', unit: 'ms', value: service.startedMs },
      ...(restMb === null ? [] : [{ ...megabytes, name: 'memory at rest', value: restMb, floor: { atMost: 200 } }]),
      ...(loadMb === null ? [] : [{ ...megabytes, name: 'memory under load of 50 connections', value: loadMb }]),
    ];
  } finally {
    await service.stop();
    await database.drop();
    await simulator.close();
  }
}
