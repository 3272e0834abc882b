import { Pool } from '../../database';
import { findPoolJumps } from './pools.dataset';

const TAO = 1_000_000_000n;

function pool(netuid: number, figures: Partial<Pool> = {}): Pool {
  return Object.assign(new Pool(), {
    netuid,
    registrationBlockNumber: 5,
    startupMode: false,
    price: '0.01',
    totalTao: String(5_000n * TAO),
    ...figures,
  });
}

describe('findPoolJumps', () => {
  const stored = [pool(0, { totalTao: String(5_000_000n * TAO) }), pool(1), pool(2)];

  it('sees nothing in ordinary moves', () => {
    const rows = [pool(0), pool(1, { price: '0.09' }), pool(2, { totalTao: String(2_600n * TAO) })];
    expect(findPoolJumps(rows, stored)).toBeNull();
  });

  it('names the pool whose price moved tenfold', () => {
    expect(findPoolJumps([pool(1, { price: '0.1' }), pool(2)], stored)?.keys).toEqual(['1']);
  });

  it('sees half of all TAO go, root left out', () => {
    const rows = [pool(0), pool(1, { totalTao: '1' }), pool(2, { totalTao: String(4_999n * TAO) })];
    expect(findPoolJumps(rows, stored)).toMatchObject({ keys: [] });
  });

  it.each<[string, Partial<Pool>, Partial<Pool>]>([
    ['starts up', { startupMode: true }, {}],
    ['started up before', {}, { startupMode: true }],
    ['changed hands', { registrationBlockNumber: 9 }, {}],
    ['is small', {}, { totalTao: String(99n * TAO) }],
  ])('says nothing of a pool that %s', (_name, now, before) => {
    const jumping = { price: '100', ...now };
    expect(findPoolJumps([pool(1, jumping), pool(2)], [pool(1, before), pool(2)])).toBeNull();
  });
});
