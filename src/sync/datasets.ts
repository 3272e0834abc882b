import type { RunMode } from '../database';
import type { Dataset } from './dataset';
import { ACCOUNT_HISTORY } from './datasets/account-history.dataset';
import { POSITION_HISTORY } from './datasets/position-history.dataset';
import { ACCOUNTS, POSITIONS } from './datasets/positions.dataset';
import { POOLS } from './datasets/pools.dataset';
import { SUBNETS } from './datasets/subnets.dataset';
import { TAO_PRICE } from './datasets/tao-price.dataset';
import { DELEGATION_EVENTS } from './datasets/delegation-events.dataset';
import { POOL_HISTORY } from './datasets/pool-history.dataset';
import { PRICE_HISTORY } from './datasets/price-history.dataset';
import { SUBNET_EMISSION } from './datasets/subnet-emission.dataset';
import { TAO_FLOW } from './datasets/tao-flow.dataset';
import { TRANSFERS } from './datasets/transfers.dataset';
import { VALIDATOR_IDENTITIES } from './datasets/validator-identities.dataset';
import { VALIDATOR_YIELDS } from './datasets/validator-yields.dataset';
import { VALIDATORS } from './datasets/validators.dataset';
import { UnknownDatasetError } from './sync-errors';

/** Every dataset of the service. */
export const DATASETS: readonly Dataset[] = [
  TAO_PRICE,
  SUBNETS,
  POOLS,
  POSITIONS,
  ACCOUNTS,
  ACCOUNT_HISTORY,
  POSITION_HISTORY,
  VALIDATORS,
  VALIDATOR_YIELDS,
  VALIDATOR_IDENTITIES,
  TAO_FLOW,
  SUBNET_EMISSION,
  DELEGATION_EVENTS,
  TRANSFERS,
  PRICE_HISTORY,
  POOL_HISTORY,
];

export function datasetNames(): string[] {
  return DATASETS.map((dataset) => dataset.name);
}

export function findDataset(name: string): Dataset | undefined {
  return DATASETS.find((dataset) => dataset.name === name);
}

/** Those with runs of their own: all but the ones that another fills. */
export function scheduledNames(): string[] {
  return DATASETS.filter((dataset) => !('fedBy' in dataset)).map((dataset) => dataset.name);
}

/**
 * Names as asked, once each, a fed dataset as the one that feeds it; without names all that the mode includes. Throws
 * `sync/unknown-dataset`.
 */
export function selectDatasets(names: readonly string[] | undefined, mode: RunMode): string[] {
  const selected =
    names === undefined ? DATASETS.filter((dataset) => dataset.tiers.includes(mode)) : names.map(getDataset);
  return [...new Set(selected.map((dataset) => ('fedBy' in dataset ? dataset.fedBy : dataset.name)))];
}

function getDataset(name: string): Dataset {
  const dataset = findDataset(name);
  if (dataset === undefined) throw new UnknownDatasetError(name, datasetNames());
  return dataset;
}
