import { AppError } from './app-error';
import { buildMeta, type DataMeta } from './data-meta';
import { requireTrust } from './min-trust';
import type { Trust } from './trust';

function metaOf(pools: Trust, subnets: Trust): DataMeta {
  const asOf = new Date('2026-01-15T11:55:00Z');
  const ages = Object.entries({ pools, subnets }).map(([dataset, trust]) => ({
    dataset,
    trust,
    asOf,
    ageSeconds: 10,
    runId: null,
  }));
  return buildMeta(ages, 'taostats');
}

describe('the trust that a caller asks for', () => {
  it('is not asked for when the parameter is absent', () => {
    expect(() => requireTrust(metaOf('unknown', 'ok'), undefined)).not.toThrow();
  });

  it.each<[Trust, Trust]>([
    ['ok', 'ok'],
    ['ok', 'stale'],
    ['protected', 'protected'],
  ])('is met by %s when %s is enough', (trust, minimum) => {
    expect(() => requireTrust(metaOf(trust, 'ok'), minimum)).not.toThrow();
  });

  it('is refused with the dataset at fault, and no other', () => {
    const refusal = (): void => requireTrust(metaOf('protected', 'ok'), 'ok');
    expect(refusal).toThrow(AppError);
    expect(refusal).toThrow('pools is protected as of 2026-01-15T11:55:00.000Z');
    expect(refusal).not.toThrow('subnets');
    expect(refusal).toThrow(expect.objectContaining({ code: 'trust/too-low', status: 503 }));
  });
});
