import { useState } from 'preact/hooks';
import type { HoldingView, PortfolioAnswer } from '../api/portfolio';
import type { SubnetView } from '../api/subnets';
import { compareDecimals, decimalText, NONE, shortAddresses } from '../format/figure';
import { Chip } from '../parts/chip';
import { Panel } from '../parts/panel';
import { exitNetuid } from '../state/exit';
import { TRUST_WORDS } from '../trust/words';
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
  const dust = data.holdings.filter((row) => row.flags.includes('dust')).length;
  const { word, tone } = TRUST_WORDS[meta.trust];
  const tools = (
    <>
      <Chip tone={tone}>{word}</Chip>
      <label class="check">
        <input type="checkbox" checked={hideDust} onChange={(event) => setHideDust(event.currentTarget.checked)} />
        hide dust ({dust})
      </label>
      <a class="file" href="/api/v1/positions.csv" download>
        CSV
      </a>
    </>
  );
  return (
    <Panel id="holdings" title="Holdings" asOf={meta.as_of} tools={tools}>
      <p class="remark">Open a subnet for its positions and its exit cost.</p>
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
  const [open, setOpen] = useState(false);
  const turn = (): void => {
    setOpen(!open);
    if (!open) exitNetuid.value = holding.netuid;
  };
  return (
    <>
      <tr>
        <th scope="row">
          <button type="button" class="row" aria-expanded={open} onClick={turn}>
            <small>{holding.netuid}</small> {name}
          </button>
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
      {open && (
        <tr>
          <td colSpan={COLUMNS.length + 1}>
            <Positions holding={holding} />
          </td>
        </tr>
      )}
    </>
  );
}

/** The same stake wallet by wallet and hotkey by hotkey; the parts add up to the row. */
function Positions({ holding }: { holding: HoldingView }) {
  return (
    <table class="positions">
      <caption>Positions on subnet {holding.netuid}; they are sold as one, and share what that brings</caption>
      <thead>
        <tr>
          <th scope="col">Wallet</th>
          <th scope="col">Hotkey</th>
          <th scope="col" class="number">
            Alpha
          </th>
          <th scope="col" class="number">
            At the price, τ
          </th>
          <th scope="col" class="number">
            All sold, τ
          </th>
        </tr>
      </thead>
      <tbody>
        {holding.positions.map((position) => (
          <tr key={`${position.wallet} ${position.hotkey}`}>
            <th scope="row" title={position.wallet}>
              <code>{shortAddresses(position.wallet)}</code>
            </th>
            <td title={position.hotkey}>
              {position.hotkey === '' ? 'not listed' : <code>{shortAddresses(position.hotkey)}</code>}
            </td>
            <td class="number amount">{decimalText(position.alpha, 2)}</td>
            <td class="number amount">{decimalText(position.mid_tao, 2)}</td>
            <td class="number amount">{decimalText(position.executable_100_tao, 2)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
