import { useState } from 'preact/hooks';
import type { HoldingView, PortfolioAnswer } from '../api/portfolio';
import type { SubnetView } from '../api/subnets';
import { compareDecimals, decimalText, NONE } from '../format/figure';
import { Chip } from '../parts/chip';
import { Panel } from '../parts/panel';
import { percentOf } from './percent';

interface HoldingColumn {
  title: string;
  value: (holding: HoldingView) => string | null;
  text: (holding: HoldingView) => string;
  amount: boolean;
}

const COLUMNS: readonly HoldingColumn[] = [
  { title: 'Alpha', value: (row) => row.alpha, text: (row) => decimalText(row.alpha, 2), amount: true },
  { title: 'Price, τ', value: (row) => row.price_tao, text: (row) => decimalText(row.price_tao, 6), amount: false },
  { title: 'At the price, τ', value: (row) => row.mid_tao, text: (row) => decimalText(row.mid_tao, 2), amount: true },
  {
    title: 'All sold, τ',
    value: (row) => row.exit_100?.value_tao ?? null,
    text: (row) => decimalText(row.exit_100?.value_tao ?? null, 2),
    amount: true,
  },
  {
    title: 'Half sold costs',
    value: (row) => row.exit_50?.slippage ?? null,
    text: (row) => percentOf(row.exit_50?.slippage ?? null),
    amount: false,
  },
  {
    title: 'All sold costs',
    value: (row) => row.exit_100?.slippage ?? null,
    text: (row) => percentOf(row.exit_100?.slippage ?? null),
    amount: false,
  },
];
const AT_PRICE = 2;

/** One row per subnet held, over all wallets; the largest first. */
export function HoldingsTable({ answer: { data, meta }, subnets }: { answer: PortfolioAnswer; subnets: SubnetView[] }) {
  const [order, setOrder] = useState({ column: AT_PRICE, descending: true });
  const [hideDust, setHideDust] = useState(true);
  const names = new Map(subnets.map((subnet) => [subnet.netuid, subnet.name]));
  const value = COLUMNS[order.column]?.value ?? (() => null);
  const rows = data.holdings
    .filter((row) => !hideDust || !row.flags.includes('dust'))
    .sort((a, b) => (order.descending ? -1 : 1) * compareDecimals(value(a), value(b)) || a.netuid - b.netuid);
  const tools = (
    <>
      <label class="check">
        <input type="checkbox" checked={hideDust} onChange={(event) => setHideDust(event.currentTarget.checked)} />
        hide dust
      </label>
      <a class="file" href="/api/v1/positions.csv" download>
        CSV
      </a>
    </>
  );
  return (
    <Panel id="holdings" title="Holdings" asOf={meta.as_of} tools={tools}>
      <div class="scroll" tabIndex={0} role="region" aria-label="Holdings by subnet">
        <table class="subnets">
          <thead>
            <tr>
              <th scope="col">Subnet</th>
              {COLUMNS.map(({ title }, column) => (
                <th
                  key={title}
                  scope="col"
                  class="number"
                  aria-sort={order.column !== column ? undefined : order.descending ? 'descending' : 'ascending'}
                >
                  <button
                    type="button"
                    class="sort"
                    onClick={() => setOrder({ column, descending: order.column === column ? !order.descending : true })}
                  >
                    {title}
                    <span aria-hidden="true">{order.column !== column ? '' : order.descending ? ' ▾' : ' ▴'}</span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <HoldingRow key={row.netuid} holding={row} name={names.get(row.netuid) ?? NONE} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function HoldingRow({ holding, name }: { holding: HoldingView; name: string }) {
  return (
    <tr>
      <th scope="row">
        <small class="netuid">{holding.netuid}</small> {name}
        {holding.flags.map((flag) => (
          <Chip key={flag} tone="none">
            {flag}
          </Chip>
        ))}
      </th>
      {COLUMNS.map((column) => (
        <td key={column.title} class={`number ${column.amount ? 'amount' : ''}`}>
          {column.text(holding)}
        </td>
      ))}
    </tr>
  );
}
