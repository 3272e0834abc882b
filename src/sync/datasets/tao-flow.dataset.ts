import { TaoFlow, TaoFlowHistory } from '../../database';
import { ENDPOINTS, type TaoFlowPayload } from '../../taostats';
import type { Part, SnapshotDataset } from '../dataset';
import { mapRows, netuidFault } from '../map-rows';
import { findFlowFault } from './subnet-row';

/** Net TAO that flowed into each subnet's pool: all subnets in one call. */
export const TAO_FLOW: SnapshotDataset = {
  name: 'tao_flow',
  title: 'TAO flow',
  tiers: ['full', 'deep'],
  isCore: false,
  intervalMinutes: (settings) => settings.flowRefreshMinutes,
  plannedCalls: () => Promise.resolve(1),
  async fetch({ ask }) {
    const fetched = await ask(ENDPOINTS.taoFlows);
    const part: Part<TaoFlow> = {
      name: 'flows',
      entity: TaoFlow,
      ...mapRows(fetched, {
        keyOf: (payload: TaoFlowPayload) => String(payload.netuid),
        findFault: (payload) => netuidFault(payload),
        toRow: (payload) => toRow(payload, fetched.fetchedAt),
      }),
      complete: fetched.complete,
      totalItems: fetched.totalItems,
      floor: 1,
      newer: [],
      history: { entity: TaoFlowHistory, momentOf: () => fetched.fetchedAt },
      keyOf: (row) => String(row.netuid),
    };
    return [part];
  },
};

/** `observedAt` is for the history alone: a flow that did not change is not rewritten. */
function toRow(payload: TaoFlowPayload, observedAt: Date): TaoFlow {
  const fault = findFlowFault(payload.netuid, payload.tao_flow);
  return Object.assign(new TaoFlow(), {
    netuid: payload.netuid,
    taoFlow: fault === null ? payload.tao_flow : null,
    withheld: fault === null ? {} : { tao_flow: fault },
    observedAt,
  });
}
