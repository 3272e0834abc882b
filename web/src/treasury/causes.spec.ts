import type { ChangeLine, ChangesAnswer } from '../api/portfolio';
import { waterfallOf } from './causes';

function answer(from: string | null, to: string | null, lines: [string, string][]): ChangesAnswer['data'] {
  return {
    window: { from: '', to: '', start_at: null, end_at: null },
    complete: from !== null,
    missing: [],
    from_tao: from,
    to_tao: to,
    lines: lines.map(([cause, tao], netuid): ChangeLine => ({ cause, netuid, tao, text: '' })),
  };
}

describe('what changed', () => {
  it('adds the subnets of a cause and leads from the opening to the closing value', () => {
    const lines: [string, string][] = [
      ['emission', '0.5'],
      ['price', '-2'],
      ['price', '3.000000001'],
    ];
    const waterfall = waterfallOf(answer('100', '101.500000001', lines));
    expect(waterfall?.difference).toBeNull();
    expect(waterfall?.steps).toEqual([
      { name: 'Prices', tao: '1.000000001', from: '100', to: '101.000000001' },
      { name: 'Emission', tao: '0.500000000', from: '101.000000001', to: '101.500000001' },
    ]);
  });

  it('says by how much the causes miss the closing value, down to one rao', () => {
    expect(waterfallOf(answer('100', '101', [['price', '1.000000001']]))?.difference).toBe('-0.000000001');
  });

  it('draws nothing while something is not known', () => {
    expect(waterfallOf(answer(null, null, []))).toBeNull();
  });

  it('keeps a cause that it has no name for', () => {
    expect(waterfallOf(answer('1', '2', [['new_cause', '1']]))?.steps[0]?.name).toBe('new cause');
  });
});
