import type { RunMode } from '../database';
import type { Dataset } from './dataset';
import { ACCOUNTS, POSITIONS } from './datasets/positions.dataset';
import { POOLS } from './datasets/pools.dataset';
import { SUBNETS } from './datasets/subnets.dataset';
import { TAO_PRICE } from './datasets/tao-price.dataset';
import { UnknownDatasetError } from './sync-errors';

/** Every dataset of the service. */
export const DATASETS: readonly Dataset[] = [TAO_PRICE, SUBNETS, POOLS, POSITIONS, ACCOUNTS];

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
