import { mapRows, netuidFault, textOrNull, timeFault } from './map-rows';

describe('mapRows', () => {
  it('puts rows with a fault to the rejected, with key, reason and text', () => {
    const fetched = { rows: [{ netuid: 1 }, { netuid: 70_000 }], rejected: [{ key: '3', reason: 'bad', raw: '{}' }] };
    const mapped = mapRows(fetched as unknown as Parameters<typeof mapRows<{ netuid: number }, number>>[0], {
      keyOf: (row) => String(row.netuid),
      findFault: netuidFault,
      toRow: (row) => row.netuid,
    });
    expect(mapped).toEqual({
      rows: [1],
      rejected: [
        { key: '3', reason: 'bad', raw: '{}' },
        { key: '70000', reason: 'netuid must be at most 65535', raw: '{"netuid":70000}' },
      ],
    });
  });

  it.each([
    ['2026-01-11T04:11:12.001Z', true],
    ['1970-01-01T00:00:00Z', false],
    ['2100-01-01T00:00:00Z', false],
  ])('takes %s as a time of ours: %s', (instant, ours) => {
    expect(timeFault('timestamp', instant) === null).toBe(ours);
  });

  it('reads an empty text as absent', () => {
    expect([textOrNull(''), textOrNull(null), textOrNull('a')]).toEqual([null, null, 'a']);
  });
});
