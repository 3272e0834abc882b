import { useEffect, useRef, useState } from 'preact/hooks';
import type { Axis, Options, Series } from 'uplot';

export interface ChartLine {
  /** Its place among the line colours of the style sheet, from 1 on. */
  colour: 1 | 2 | 3 | 4;
  /** Null breaks the line. */
  values: readonly (number | null)[];
  dashed?: boolean;
  /** Values of the second axis, at the right. */
  right?: boolean;
  /** Joins over empty moments, for values that come at other moments than the rest. */
  joined?: boolean;
}

interface LineChartProps {
  /** Ascending; seconds since 1970 when `unit` is time. */
  x: readonly number[];
  unit: 'time' | 'percent';
  lines: readonly ChartLine[];
  /** Places on the x axis that a thin line marks. */
  marks?: readonly number[];
  /** Always on the left axis, whatever the values are. */
  include?: readonly number[];
}

const HEIGHT_PX = 200;
const DAY_SECONDS = 86_400;
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const HOUR = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });

/**
 * The drawing itself, loaded on demand; where it cannot be, the table beside it stands. Pixels may be doubles: nothing is
 * computed from them. Its box has its height from the start, so that nothing moves when the lines come.
 */
export function LineChart(props: LineChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const [broken, setBroken] = useState(false);
  const scheme = useScheme();
  const key = JSON.stringify(props);
  useEffect(() => {
    let plot: { destroy(): void; setSize(size: { width: number; height: number }): void } | undefined;
    let gone = false;
    const watch = new ResizeObserver(([entry]) => {
      if (entry !== undefined) plot?.setSize({ width: entry.contentRect.width, height: HEIGHT_PX });
    });
    void import('uplot').then(
      ({ default: Plot }) => {
        if (gone || box.current === null) return;
        const values = [props.x, ...props.lines.map((line) => line.values)] as unknown as [number[], ...number[][]];
        // The table beside it says UTC, and so does the service.
        const tzDate = (seconds: number): Date => Plot.tzDate(new Date(seconds * 1000), 'Etc/UTC');
        plot = new Plot({ ...optionsOf(props, box.current), tzDate }, values, box.current);
        watch.observe(box.current);
      },
      () => setBroken(true),
    );
    return () => {
      gone = true;
      watch.disconnect();
      plot?.destroy();
    };
  }, [key, scheme]);
  return broken ? null : <div ref={box} class="plot" aria-hidden="true" />;
}

function optionsOf({ unit, lines, marks = [], include = [] }: LineChartProps, box: HTMLElement): Options {
  const style = getComputedStyle(box);
  const axis: Axis = { stroke: style.color, grid: { stroke: style.borderTopColor, width: 1 }, ticks: { show: false } };
  const left: Axis = { ...axis, size: 62 };
  const right: Axis = { ...axis, size: 44, side: 1, scale: 'right', grid: { show: false } };
  const moments = (_: unknown, splits: number[], __: number, ___: number, stepSeconds: number): string[] =>
    splits.map((split) => (stepSeconds < DAY_SECONDS ? HOUR : DAY).format(split * 1000));
  const percent = (_: unknown, splits: number[]): string[] => splits.map((split) => `${split} %`);
  const series = lines.map((line): Series => {
    const colour = style.getPropertyValue(`--line-${line.colour}`).trim();
    return {
      stroke: colour,
      width: line.dashed === true ? 1.2 : 1.8,
      scale: line.right === true ? 'right' : 'y',
      spanGaps: line.joined === true,
      ...(line.dashed === true ? { dash: [4, 4] } : {}),
      points: { show: line.values.filter((value) => value != null).length < 3 },
    };
  });
  return {
    width: box.clientWidth,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: unit === 'time' },
      y:
        include.length === 0
          ? {}
          : { range: (_, low, high) => [Math.min(low, ...include), Math.max(high, ...include)] },
    },
    axes: [
      { ...axis, values: unit === 'time' ? moments : percent },
      left,
      ...(lines.some((line) => line.right === true) ? [{ ...right, values: percent }] : []),
    ],
    series: [{}, ...series],
    hooks: {
      draw: [
        (plot) => {
          const { ctx, bbox } = plot;
          ctx.save();
          ctx.strokeStyle = style.color;
          ctx.lineWidth = devicePixelRatio;
          for (const mark of marks) {
            const x = Math.round(plot.valToPos(mark, 'x', true));
            ctx.beginPath();
            ctx.moveTo(x, bbox.top);
            ctx.lineTo(x, bbox.top + bbox.height);
            ctx.stroke();
          }
          ctx.restore();
        },
      ],
    },
  };
}

/** Light or dark: the canvas takes its colours when it is drawn. */
function useScheme(): boolean {
  const [query] = useState(() => matchMedia('(prefers-color-scheme: dark)'));
  const [dark, setDark] = useState(query.matches);
  useEffect(() => {
    const follow = (): void => setDark(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, [query]);
  return dark;
}

/** The colour of a line with its name and newest value: what a caption is made of. */
export function LineKey({ colour, children }: { colour: ChartLine['colour']; children: string }) {
  return (
    <span class="line-key">
      <svg viewBox="0 0 14 4" width="14" height="4" aria-hidden="true">
        <rect class={`line-${colour}`} width="14" height="4" rx="2" />
      </svg>
      {children}
    </span>
  );
}

interface TableViewProps {
  label: string;
  summary?: string;
  titles: readonly string[];
  rows: readonly (readonly string[])[];
  /** The figures are amounts, which quiet mode hides. */
  amounts?: boolean;
}

/** The same figures for those who do not look at drawings. */
export function TableView({ label, summary = 'View as table', titles, rows, amounts = false }: TableViewProps) {
  return (
    <details>
      <summary>{summary}</summary>
      <div class="scroll scroll-y" tabIndex={0} role="region" aria-label={label}>
        <table>
          <thead>
            <tr>
              {titles.map((title, column) => (
                <th key={title} scope="col" class={column === 0 ? '' : 'number'}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, row) => (
              <tr key={row}>
                {cells.map((cell, column) =>
                  column === 0 ? (
                    <th key={column} scope="row">
                      {cell}
                    </th>
                  ) : (
                    <td key={column} class={`number ${amounts ? 'amount' : ''}`}>
                      {cell}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
