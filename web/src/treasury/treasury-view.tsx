import { useEffect } from 'preact/hooks';
import { pack } from '../state/trust';
import { loadTreasury, problem, subnets, taoPrice } from '../state/treasury';
import { SubnetTable } from './subnet-table';
import { TaoPrice } from './tao-price';

/** What subnets and TAO are worth, as far as the service knows it. Read again when their datasets move. */
export function TreasuryView() {
  const datasets = pack.value?.datasets;
  const version = ['pools', 'subnets', 'tao_price'].map((name) => datasets?.[name]?.last_success_at).join(' ');
  useEffect(() => {
    void loadTreasury();
  }, [version]);
  return (
    <>
      {problem.value !== null && (
        <p class="notice unreachable" role="alert">
          {problem.value}
        </p>
      )}
      {taoPrice.value !== null && <TaoPrice answer={taoPrice.value} />}
      {subnets.value === null ? <p class="empty">Reading the subnets…</p> : <SubnetTable {...subnets.value} />}
    </>
  );
}
