import { decimalText, NONE, shortAddresses } from '../format/figure';
import { clockText } from '../format/time';
import { Chip } from '../parts/chip';
import { LineChart, LineKey, TableView } from '../parts/line-chart';
import { Panel } from '../parts/panel';
import { nowMs } from '../state/clock';
import { past, type Past, pastProblem, period, PERIODS, type Period } from '../state/past';
import { TRUST_WORDS } from '../trust/words';
import { percentOf, pixelOf } from './percent';
import { balanceRows, type ValueRow, valueRows } from './value-lines';

/** What the treasury was worth over the chosen period, and how far below its peak: the lines break where nothing trusted stands. */
export function ValuePanel() {
  const shown = past.value;
  const tools = (
    <>
      {shown !== null && <Chip tone={TRUST_WORDS[shown.meta.trust].tone}>{TRUST_WORDS[shown.meta.trust].word}</Chip>}
      <PeriodSwitch />
    </>
  );
  return (
    <Panel id="value" title="Value over time" asOf={shown?.meta.as_of} tools={tools}>
      {pastProblem.value !== null && <p class="remark">Not read again: {pastProblem.value}</p>}
      {shown === null ? <p class="empty">Reading what was recorded…</p> : <ValueLines past={shown} />}
    </Panel>
  );
}

function PeriodSwitch() {
  return (
    <div class="switch" role="group" aria-label="Period">
      {(Object.keys(PERIODS) as Period[]).map((name) => (
        <button key={name} type="button" aria-pressed={period.value === name} onClick={() => (period.value = name)}>
          {name}
        </button>
      ))}
    </div>
  );
}

function ValueLines({ past: { points, stepMs, balances, drawdown } }: { past: Past }) {
  const recorded = valueRows(points, stepMs);
  const rows = [...recorded, ...balanceRows(balances, nowMs.peek())].sort((a, b) => a.atMs - b.atMs);
  const x = rows.map((row) => row.atMs / 1000);
  const line = (pick: (row: ValueRow) => string | null): (number | null)[] => rows.map((row) => pixelOf(pick(row)));
  // Between two recorded values lie moments that only TaoStats speaks of: they must not break the recorded lines.
  const own = (pick: (row: ValueRow) => string | null): (number | null)[] => throughForeign(rows, line(pick));
  const gaps = recorded.filter((row) => row.mid === null).length;
  const hasLine = rows.length > 1;
  return (
    <>
      <figure class="chart">
        <figcaption>
          <Newest rows={rows} hasBalances={balances.length > 0} />
          {gaps > 0 && <span>{gaps === 1 ? 'One gap' : `${gaps} gaps`}: no complete value then, so no line.</span>}
        </figcaption>
        {hasLine ? (
          <LineChart
            x={x}
            unit="time"
            lines={[
              { colour: 1, values: own((row) => row.mid) },
              { colour: 2, values: own((row) => row.exec50) },
              { colour: 3, values: own((row) => row.exec100) },
              { colour: 4, values: line((row) => row.balance), dashed: true, joined: true },
            ]}
          />
        ) : (
          <p class="empty">A line needs two recorded values; there {rows.length === 1 ? 'is one' : 'are none'} yet.</p>
        )}
        <ValueTable rows={rows} />
      </figure>
      <Drawdown rows={recorded} limits={drawdown} />
    </>
  );
}

/** Repeats nothing and invents nothing: a foreign moment takes no part in the line, so it gets the value `undefined`, which uPlot draws through. */
function throughForeign(rows: readonly ValueRow[], values: (number | null)[]): (number | null)[] {
  return values.map((value, index) => (rows[index]?.balance == null ? value : (undefined as unknown as null)));
}

function Newest({ rows, hasBalances }: { rows: ValueRow[]; hasBalances: boolean }) {
  const last = rows.filter((row) => row.mid !== null).at(-1);
  const balance = rows.filter((row) => row.balance !== null).at(-1);
  const text = (value: string | null | undefined): string => `${decimalText(value ?? null, 2)} τ`;
  return (
    <span class="amount line-keys">
      <LineKey colour={1}>{`At the price ${text(last?.mid)}`}</LineKey>
      <LineKey colour={2}>{`Half sold ${text(last?.exec50)}`}</LineKey>
      <LineKey colour={3}>{`All sold ${text(last?.exec100)}`}</LineKey>
      {hasBalances && <LineKey colour={4}>{`As TaoStats says, daily ${text(balance?.balance)}`}</LineKey>}
    </span>
  );
}

function ValueTable({ rows }: { rows: ValueRow[] }) {
  return (
    <TableView
      label="Values as a table"
      amounts
      titles={['Moment', 'At the price, τ', 'Half sold, τ', 'All sold, τ', 'TaoStats, τ', 'Remark']}
      rows={[...rows]
        .reverse()
        .map((row) => [
          clockText(new Date(row.atMs).toISOString(), nowMs.value),
          decimalText(row.mid, 2),
          decimalText(row.exec50, 2),
          decimalText(row.exec100, 2),
          decimalText(row.balance, 2),
          row.reason ?? '',
        ])}
    />
  );
}

function Drawdown({ rows, limits }: { rows: ValueRow[]; limits: Past['drawdown'] }) {
  const soft = Number(limits.soft_limit) * 100;
  const hard = Number(limits.hard_limit) * 100;
  const known = rows.filter((row) => row.drawdown !== null);
  return (
    <figure class="chart">
      <figcaption>
        <span class="line-keys">
          <LineKey colour={3}>{`Below the peak ${percentOf(limits.current)}`}</LineKey>
          <span>
            worst {percentOf(limits.maximum)}
            {limits.maximum_at === null ? '' : ` at ${clockText(limits.maximum_at, nowMs.value)}`}
          </span>
          <span>
            limits {percentOf(limits.soft_limit)} soft, {percentOf(limits.hard_limit)} hard
          </span>
        </span>
        {limits.ends_because !== null && (
          <span>{shortAddresses(`Newer values are not in it: ${limits.ends_because}`)}</span>
        )}
      </figcaption>
      {known.length > 1 && (
        <LineChart
          x={rows.map((row) => row.atMs / 1000)}
          unit="time"
          include={[0, hard * 1.1]}
          lines={[
            { colour: 3, values: rows.map((row) => pixelOf(row.drawdown, 100)) },
            { colour: 4, values: rows.map(() => soft), dashed: true },
            { colour: 4, values: rows.map(() => hard), dashed: true },
          ]}
        />
      )}
      <TableView
        label="Drawdown as a table"
        titles={['Moment', 'Below the peak']}
        rows={[...rows]
          .reverse()
          .map((row) => [
            clockText(new Date(row.atMs).toISOString(), nowMs.value),
            row.drawdown === null ? NONE : percentOf(row.drawdown),
          ])}
      />
    </figure>
  );
}
