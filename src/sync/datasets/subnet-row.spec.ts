import type { SubnetPayload } from '../../taostats';
import { findWithheld } from './subnet-row';

function payload(figures: Partial<SubnetPayload>): SubnetPayload {
  return {
    netuid: 1,
    tao_flow: null,
    net_flow_1_day: null,
    net_flow_7_days: null,
    net_flow_30_days: null,
    weights_rate_limit: '100',
    ...figures,
  } as SubnetPayload;
}

describe('findWithheld', () => {
  it('withholds nothing of an ordinary subnet', () => {
    expect(findWithheld(payload({ net_flow_30_days: '-5091882743026' }))).toEqual({});
  });

  it('withholds the flows that upstream sends for root, which has none', () => {
    expect(findWithheld(payload({ netuid: 0, tao_flow: '-1344818092359283', net_flow_1_day: '0' }))).toEqual({
      tao_flow: 'root_has_no_flow',
      net_flow_1_day: 'root_has_no_flow',
    });
  });

  it('withholds a flow of more TAO than exists, and keeps one of all that exists', () => {
    const found = findWithheld(payload({ tao_flow: '21000000000000001', net_flow_1_day: '-21000000000000000' }));
    expect(found).toEqual({ tao_flow: 'not_a_measurement' });
  });

  it('reads the largest 64-bit number as never', () => {
    expect(findWithheld(payload({ weights_rate_limit: '18446744073709551615' }))).toEqual({
      weights_rate_limit: 'never',
    });
  });

  it('gives no reason for what upstream itself left out', () => {
    expect(findWithheld(payload({ netuid: 0 }))).toEqual({});
  });
});
