import { useEffect } from 'preact/hooks';
import { pack } from '../state/trust';
import { loadTreasury, portfolio, problem, subnets, taoPrice } from '../state/treasury';
import type { PortfolioAnswer } from '../api/portfolio';
import type { SubnetView } from '../api/subnets';
import { AlertsPanel } from '../alerts/alerts-panel';
import { loadPast, period } from '../state/past';
import { ChangesPanel } from './changes-panel';
import { ExitPanel } from './exit-panel';
import { HoldingsTable } from './holdings-table';
import { LimitsPanel } from './limits-panel';
import { NavPanel } from './nav-panel';
import { SubnetTable } from './subnet-table';
import { TaoPrice } from './tao-price';
import { ValuePanel } from './value-panel';

/** What the portfolio, subnets and TAO are worth, as far as the service knows it. Read again when their datasets move. */
export function TreasuryView() {
  const datasets = pack.value?.datasets;
  const versionOf = (names: string[]): string => names.map((name) => datasets?.[name]?.last_success_at).join(' ');
  const version = versionOf(['pools', 'subnets', 'tao_price', 'positions', 'accounts']);
  const pastVersion = versionOf(['position_history', 'account_history', 'delegation_events', 'transfers']);
  useEffect(() => {
    void loadTreasury();
  }, [version]);
  const wallets = portfolio.value?.data.wallets.map((wallet) => wallet.address).join(' ') ?? '';
  useEffect(() => {
    if (wallets !== '') void loadPast(wallets.split(' '));
  }, [version, pastVersion, wallets, period.value]);
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
        {held !== null && <Held answer={held} subnets={subnets.value?.rows ?? []} />}
        {subnets.value === null ? <p class="empty">Reading the subnets…</p> : <SubnetTable {...subnets.value} />}
      </div>
    </>
  );
}

/** What only a portfolio has: its past, what moved it, its holdings, and what leaving them costs. */
function Held({ answer, subnets }: { answer: PortfolioAnswer; subnets: SubnetView[] }) {
  return (
    <>
      <div class="columns">
        <div class="stack">
          <ValuePanel />
          <AlertsPanel />
        </div>
        <div class="stack">
          <ChangesPanel />
          <LimitsPanel answer={answer} />
        </div>
      </div>
      <div class="columns">
        <HoldingsTable answer={answer} subnets={subnets} />
        <ExitPanel holdings={answer.data.holdings} subnets={subnets} />
      </div>
    </>
  );
}
