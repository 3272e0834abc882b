import { useEffect, useRef, useState } from 'preact/hooks';
import type { PoolPoint } from '../api/subnets';
import { decimalText } from '../format/figure';
import { clockText } from '../format/time';
import { nowMs } from '../state/clock';

const HEIGHT_PX = 180;
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
      <Line points={points} />
      <details>
        <summary>View as table</summary>
        <div class="scroll-y" tabIndex={0} role="region" aria-label="Prices as a table">
          <table>
            <thead>
              <tr>
                <th scope="col">Block time</th>
                <th scope="col" class="number">
                  Price, τ
                </th>
                <th scope="col" class="number">
                  TAO in pool
                </th>
              </tr>
            </thead>
            <tbody>
              {points.map((point) => (
                <tr key={point.at}>
                  <th scope="row">{clockText(point.at, nowMs.value)}</th>
                  <td class="number">{decimalText(point.price_tao, 9)}</td>
                  <td class="number amount">{decimalText(point.tao_reserve, 2)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

/** The drawing itself. Loaded on demand; without it the table stands. Pixels may be doubles: nothing is computed from them. */
function Line({ points }: { points: PoolPoint[] }) {
  const box = useRef<HTMLDivElement>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    let plot: { destroy(): void } | undefined;
    let gone = false;
    void import('uplot').then(
      ({ default: Plot }) => {
        if (gone || box.current === null) return;
        const ink = getComputedStyle(box.current);
        const axis = { stroke: ink.color, grid: { stroke: ink.borderTopColor, width: 1 }, ticks: { show: false } };
        plot = new Plot(
          {
            width: box.current.clientWidth,
            height: HEIGHT_PX,
            legend: { show: false },
            axes: [axis, { ...axis, size: 70 }],
            series: [{}, { stroke: ink.outlineColor, width: 1.5 }],
          },
          [points.map((point) => Date.parse(point.at) / 1000), points.map((point) => Number(point.price_tao))],
          box.current,
        );
      },
      () => setBroken(true),
    );
    return () => {
      gone = true;
      plot?.destroy();
    };
  }, [points]);
  return broken ? null : <div ref={box} class="plot" aria-hidden="true" />;
}
