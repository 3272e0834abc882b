import { useEffect } from 'preact/hooks';
import { pack } from '../state/trust';
import { loadTreasury, portfolio, problem, subnets, taoPrice } from '../state/treasury';
import { HoldingsTable } from './holdings-table';
import { NavPanel } from './nav-panel';
import { SubnetTable } from './subnet-table';
import { TaoPrice } from './tao-price';

/** What the portfolio, subnets and TAO are worth, as far as the service knows it. Read again when their datasets move. */
export function TreasuryView() {
  const datasets = pack.value?.datasets;
  const version = ['pools', 'subnets', 'tao_price', 'positions', 'accounts']
    .map((name) => datasets?.[name]?.last_success_at)
    .join(' ');
  useEffect(() => {
    void loadTreasury();
  }, [version]);
  // Without a wallet there is nothing to be worth anything.
  const held = portfolio.value !== null && portfolio.value.data.wallets.length > 0 ? portfolio.value : null;
  return (
    <>
      {problem.value !== null && (
        <p class="notice unreachable" role="alert">
          {problem.value}
        </p>
      )}
      {held !== null && <NavPanel answer={held} />}
      {taoPrice.value !== null && <TaoPrice answer={taoPrice.value} />}
      <div class="stack">
        {held !== null && <HoldingsTable answer={held} subnets={subnets.value?.rows ?? []} />}
        {subnets.value === null ? <p class="empty">Reading the subnets…</p> : <SubnetTable {...subnets.value} />}
      </div>
    </>
  );
}
