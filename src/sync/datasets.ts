import type { RunMode } from '../database';
import type { Dataset } from './dataset';
import { POOLS } from './datasets/pools.dataset';
import { SUBNETS } from './datasets/subnets.dataset';
import { TAO_PRICE } from './datasets/tao-price.dataset';
import { UnknownDatasetError } from './sync-errors';

/** Every dataset of the service. */
export const DATASETS: readonly Dataset[] = [TAO_PRICE, SUBNETS, POOLS];

export function datasetNames(): string[] {
  return DATASETS.map((dataset) => dataset.name);
}

export function findDataset(name: string): Dataset | undefined {
  return DATASETS.find((dataset) => dataset.name === name);
}

/** Names as asked, once each; without names all that the mode includes. Throws `sync/unknown-dataset`. */
export function selectDatasets(names: readonly string[] | undefined, mode: RunMode): string[] {
  if (names === undefined) {
    return DATASETS.filter((dataset) => dataset.tiers.includes(mode)).map((dataset) => dataset.name);
  }
  for (const name of names) {
    if (findDataset(name) === undefined) throw new UnknownDatasetError(name, datasetNames());
  }
  return [...new Set(names)];
}
