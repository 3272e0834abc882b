import type { DatasetView, Issue, TrustPack } from '../api/trust-pack';
import { statusSentence } from './status-sentence';

const FRESH = {
  is_core: true,
  last_success_at: '2026-01-01T00:00:00Z',
  has_drift: false,
  level: 'fresh',
  consecutive_failures: 0,
  protected_since: null,
} as DatasetView;
const NEVER = { ...FRESH, last_success_at: null, level: 'unknown' } as DatasetView;
const WARNING = { code: 'x', severity: 'warning', message: 'Something is wrong.' } as Issue;

interface Change {
  datasets?: Record<string, Partial<DatasetView>>;
  upstream?: Partial<TrustPack['upstream']>;
  issues?: Issue[];
  status?: TrustPack['overall_health']['status'];
  reachable?: boolean;
}

function pack(change: Change = {}): TrustPack {
  const datasets = change.datasets ?? { pools: {}, subnets: {}, tao_price: {} };
  return {
    datasets: Object.fromEntries(Object.entries(datasets).map(([name, dataset]) => [name, { ...FRESH, ...dataset }])),
    upstream: { key_state: 'ok', paused: false, quota_exhausted_until: null, breakers: [], ...change.upstream },
    database: { reachable: change.reachable ?? true },
    overall_health: { status: change.status ?? 'healthy', issues: change.issues ?? [], notices: [] },
  } as unknown as TrustPack;
}

describe('the status sentence', () => {
  it('says in one breath that all is well', () => {
    expect(statusSentence(pack())).toEqual({
      tone: 'ok',
      verdict: 'Healthy',
      sentence: 'All 3 datasets are fresh.',
      consequence: 'Safe to read.',
    });
  });

  it('welcomes at the first start instead of raising an alarm', () => {
    const first = statusSentence(pack({ datasets: { pools: NEVER }, issues: [WARNING], status: 'critical' }));
    expect([first.tone, first.verdict]).toEqual(['info', 'First start']);
    expect(statusSentence(pack({ datasets: {} })).verdict).toBe('First start');
  });

  it('says when the first sync fails', () => {
    const failing = statusSentence(pack({ datasets: { pools: { ...NEVER, consecutive_failures: 2 } } }));
    expect(failing).toMatchObject({ tone: 'warn', sentence: 'The first sync of Pools failed and is tried again.' });
  });

  it('says what was refused and that nothing was lost', () => {
    const refused = { protected_since: '2026-01-01T00:00:00Z', consecutive_failures: 1 };
    const status = statusSentence(
      pack({ datasets: { pools: refused, subnets: {} }, issues: [WARNING], status: 'degraded' }),
    );
    expect(status).toEqual({
      tone: 'warn',
      verdict: 'Degraded',
      sentence: 'Pools are protected from a bad answer.',
      consequence: 'Safe to read. Nothing was lost: the last good pools stand.',
    });
  });

  it('claims no good rows of a dataset whose first answers were refused, and writes names as in a sentence', () => {
    const refused = { protected_since: '2026-01-01T00:00:00Z', consecutive_failures: 1 };
    const status = statusSentence(
      pack({
        datasets: { pools: { ...NEVER, ...refused }, tao_price: refused, subnets: { level: 'warning' } },
        issues: [WARNING],
        status: 'degraded',
      }),
    );
    expect(status.sentence).toBe(
      'Subnets are late; pools are not synced yet; TAO price is protected from a bad answer.',
    );
    expect(status.consequence).toBe(
      'Read with care, do not trade on it. Nothing was lost: the last good TAO price stands.',
    );
  });

  it('treats throttling as news, not as an alarm', () => {
    const status = statusSentence(pack({ upstream: { paused: true } }));
    expect(status.tone).toBe('info');
    expect(status.sentence).toContain('TaoStats asked us to wait and calls resume by themselves');
  });

  it('warns against trading on figures that are critically old', () => {
    const status = statusSentence(pack({ datasets: { pools: { level: 'critical' } }, issues: [WARNING] }));
    expect(status.sentence).toBe('Pools are critically old.');
    expect(status.consequence).toBe('Read with care, do not trade on it.');
  });

  it.each([
    ['a refused key', pack({ upstream: { key_state: 'rejected' } }), 'Check TAOSTATS_API_KEY'],
    ['a database that is away', pack({ reachable: false }), 'nothing is synced until it is back'],
    ['a critical issue', pack({ issues: [{ ...WARNING, severity: 'critical' }], status: 'critical' }), 'Safe to read'],
  ])('asks a person to act for %s', (_name, given, consequence) => {
    const status = statusSentence(given);
    expect(status.tone).toBe('act');
    expect(status.consequence).toContain(consequence);
  });

  it('falls back to the issues themselves when no dataset and no pause explains them', () => {
    expect(statusSentence(pack({ issues: [WARNING], status: 'degraded' })).sentence).toBe('Something is wrong.');
  });
});
