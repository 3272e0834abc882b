import { useState } from 'preact/hooks';
import type { Meta, SubnetView } from '../api/subnets';
import { countText } from '../format/figure';
import { Chip } from '../parts/chip';
import { Panel } from '../parts/panel';
import { opened, openSubnet } from '../state/treasury';
import { TRUST_WORDS } from '../trust/words';
import { PriceChart } from './price-chart';
import { arrange, cellText, COLUMNS, SMALL_POOL_TAO, type SubnetOrder } from './subnet-columns';

/** Every subnet with its pool: sortable, searchable, small pools hidden at wish. */
export function SubnetTable({ rows, meta }: { rows: SubnetView[]; meta: Meta }) {
  const [find, setFind] = useState('');
  const [hideSmall, setHideSmall] = useState(true);
  const [order, setOrder] = useState<SubnetOrder>({ key: 'reserve', descending: true });
  const shown = arrange(rows, { find, hideSmall, order });
  const turn = (key: string): void =>
    setOrder({ key, descending: order.key === key ? !order.descending : key !== 'netuid' });
  const { word, tone } = TRUST_WORDS[meta.trust];
  const tools = (
    <>
      <Chip tone={tone}>{word}</Chip>
      <input
        type="search"
        data-find
        aria-label="Find a subnet"
        placeholder="Find a subnet"
        value={find}
        onInput={(event) => setFind(event.currentTarget.value)}
      />
      <label class="check">
        <input type="checkbox" checked={hideSmall} onChange={(event) => setHideSmall(event.currentTarget.checked)} />
        hide pools under {countText(Number(SMALL_POOL_TAO))} τ
      </label>
    </>
  );
  return (
    <Panel id="subnets" title="Subnets" asOf={meta.as_of} tools={tools}>
      <p class="remark" aria-live="polite">
        {shown.length} of {rows.length} subnets
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label="Subnets and their pools">
        <table class="subnets">
          <thead>
            <tr>
              <SortHeader title="Subnet" column="netuid" order={order} turn={turn} />
              {COLUMNS.map((column) => (
                <SortHeader
                  key={column.key}
                  title={`${column.title}, ${column.unit}`}
                  column={column.key}
                  order={order}
                  turn={turn}
                  number
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((subnet) => (
              <SubnetRows key={subnet.netuid} subnet={subnet} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

interface SortHeaderProps {
  title: string;
  column: string;
  order: SubnetOrder;
  turn: (column: string) => void;
  number?: boolean;
}

function SortHeader({ title, column, order, turn, number = false }: SortHeaderProps) {
  const active = order.key === column;
  return (
    <th
      scope="col"
      class={number ? 'number' : ''}
      aria-sort={active ? (order.descending ? 'descending' : 'ascending') : undefined}
    >
      <button type="button" class="sort" onClick={() => turn(column)}>
        {title}
        <span aria-hidden="true">{active ? (order.descending ? ' ▾' : ' ▴') : ''}</span>
      </button>
    </th>
  );
}

function SubnetRows({ subnet }: { subnet: SubnetView }) {
  const open = opened.value?.netuid === subnet.netuid ? opened.value : null;
  return (
    <>
      <tr>
        <th scope="row">
          <button
            type="button"
            class="row"
            aria-expanded={open !== null}
            onClick={() => void openSubnet(subnet.netuid)}
          >
            <small>{subnet.netuid}</small> {subnet.name ?? 'unnamed'}
          </button>
          {subnet.pool?.startup === true && <Chip tone="none">starting up</Chip>}
          {subnet.missing_since !== null && <Chip tone="warn">gone</Chip>}
        </th>
        {COLUMNS.map((column) => (
          <td key={column.key} class={`number ${column.amount ? 'amount' : ''}`}>
            {cellText(column, subnet)}
          </td>
        ))}
      </tr>
      {open !== null && (
        <tr>
          <td colSpan={COLUMNS.length + 1}>
            {open.points === null ? <p class="empty">Reading its history…</p> : <PriceChart points={open.points} />}
          </td>
        </tr>
      )}
    </>
  );
}
