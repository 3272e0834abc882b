import { signal } from '@preact/signals';
import { fetchJson, ProblemError } from '../api/fetch-json';
import type { PortfolioAnswer } from '../api/portfolio';
import type { PoolPoint, SubnetsAnswer, SubnetView, TaoPriceAnswer, Meta } from '../api/subnets';

export const subnets = signal<{ rows: SubnetView[]; meta: Meta } | null>(null);
export const taoPrice = signal<TaoPriceAnswer | null>(null);
/** Null while nothing is known, and where no wallet is followed. */
export const portfolio = signal<PortfolioAnswer | null>(null);
export const problem = signal<string | null>(null);
/** Prices of the subnet that is open, oldest first. */
export const opened = signal<{ netuid: number; points: PoolPoint[] | null } | null>(null);

const PAGE = 200;

/** Reads every subnet and the price, each on its own; keeps what is shown when that fails. */
export async function loadTreasury(): Promise<void> {
  const [freshSubnets, freshPrice, freshPortfolio] = await Promise.allSettled([
    loadSubnets(),
    fetchJson<TaoPriceAnswer>('/api/v1/prices/tao'),
    fetchJson<PortfolioAnswer>('/api/v1/portfolio'),
  ]);
  if (freshSubnets.status === 'fulfilled') subnets.value = freshSubnets.value;
  if (freshPrice.status === 'fulfilled') taoPrice.value = freshPrice.value;
  if (freshPortfolio.status === 'fulfilled') portfolio.value = freshPortfolio.value;
  const failed = [freshSubnets, freshPrice, freshPortfolio].find((answer) => answer.status === 'rejected');
  problem.value = failed === undefined ? null : problemOf(failed.reason);
}

function problemOf(error: unknown): string {
  return error instanceof ProblemError ? error.message : 'The service does not answer.';
}

async function loadSubnets(): Promise<{ rows: SubnetView[]; meta: Meta }> {
  const rows: SubnetView[] = [];
  for (let cursor: string | null = ''; ;) {
    const next: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer: SubnetsAnswer = await fetchJson<SubnetsAnswer>(`/api/v1/subnets?limit=${PAGE}${next}`);
    rows.push(...answer.data);
    cursor = answer.next_cursor;
    if (cursor === null) return { rows, meta: answer.meta };
  }
}

/** Opens a subnet's price history, or closes it when it is open. */
export async function openSubnet(netuid: number): Promise<void> {
  if (opened.value?.netuid === netuid) {
    opened.value = null;
    return;
  }
  opened.value = { netuid, points: null };
  const path = `/api/v1/subnets/${netuid}/history?limit=${PAGE}`;
  const points = await fetchJson<{ data: PoolPoint[] }>(path).then(
    (answer) => answer.data.reverse(),
    () => [],
  );
  if (opened.peek()?.netuid === netuid) opened.value = { netuid, points };
}
