import type { PoolPoint } from '../api/subnets';
import { decimalText } from '../format/figure';
import { clockText } from '../format/time';
import { LineChart, TableView } from '../parts/line-chart';
import { nowMs } from '../state/clock';

const FEWEST_POINTS = 2;

/** Price of one subnet over its stored history, oldest first; the same figures stand in the table below. */
export function PriceChart({ points }: { points: PoolPoint[] }) {
  if (points.length < FEWEST_POINTS)
    return (
      <p class="empty">A line needs two stored prices; there {points.length === 1 ? 'is one' : 'are none'} yet.</p>
    );
  return (
    <figure class="chart">
      <figcaption>Price in τ, {points.length} stored points</figcaption>
      <LineChart
        x={points.map((point) => Date.parse(point.at) / 1000)}
        unit="time"
        lines={[{ colour: 1, values: points.map((point) => Number(point.price_tao)) }]}
      />
      <TableView
        label="Prices as a table"
        titles={['Block time', 'Price, τ', 'TAO in pool']}
        rows={[...points]
          .reverse()
          .map((point) => [
            clockText(point.at, nowMs.value),
            decimalText(point.price_tao, 9),
            decimalText(point.tao_reserve, 2),
          ])}
      />
    </figure>
  );
}
