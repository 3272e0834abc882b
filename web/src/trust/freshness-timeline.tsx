import type { Band, BandLevel, DatasetHistory, TrustHistory } from '../api/trust-history';
import { nameText, rateText } from '../format/figure';
import { clockText, spanText } from '../format/time';
import { Panel } from '../parts/panel';
import { nowMs } from '../state/clock';
import { openRuns } from '../state/run-sheet';
import { DisturbanceRow, MarkBar, MarkLegend, MarkTable, markText } from './timeline-marks';

const LEVELS: readonly BandLevel[] = ['fresh', 'warning', 'critical', 'unknown'];
const LEVEL_WORDS: Readonly<Record<BandLevel, string>> = {
  fresh: 'on time',
  warning: 'late',
  critical: 'critical',
  unknown: 'no data',
};

const HOUR_MS = 3_600_000;

/** The history without its empty beginning: a service of ten minutes has ten minutes to show, in an hour's frame. */
function withoutEmptyBeginning(history: TrustHistory): TrustHistory {
  const known = Object.values(history.datasets).map(({ bands: [first] }) =>
    Date.parse((first?.level === 'unknown' ? first.to : first?.from) ?? history.generated_at),
  );
  const to = Date.parse(history.generated_at);
  const hours = Math.max(1, Math.ceil((to - Math.min(to, ...known)) / HOUR_MS));
  const from = Math.max(Date.parse(history.from), to - hours * HOUR_MS);
  const iso = new Date(from).toISOString();
  const datasets = Object.entries(history.datasets).map(([name, dataset]) => [
    name,
    { ...dataset, bands: bandsSince(dataset.bands, iso) },
  ]);
  const marks = history.marks.filter((mark) => mark.at >= iso);
  return { ...history, from: iso, datasets: Object.fromEntries(datasets) as TrustHistory['datasets'], marks };
}

/** ISO times in UTC order as text. */
function bandsSince(bands: readonly Band[], from: string): Band[] {
  return bands.filter((band) => band.to > from).map((band) => (band.from < from ? { ...band, from } : band));
}

/** One row per dataset: how fresh it was over the last 24 hours, and what disturbed it. */
export function FreshnessTimeline({ history: whole, startedAt }: { history: TrustHistory | null; startedAt: string }) {
  if (whole === null) return null;
  const history = withoutEmptyBeginning(whole);
  const names = Object.keys(history.datasets).sort();
  const hours = Math.round((Date.parse(history.generated_at) - Date.parse(history.from)) / HOUR_MS);
  return (
    <Panel id="timeline" title={`Freshness, last ${hours} h`} asOf={history.generated_at}>
      <ul class="legend" aria-hidden="true">
        {LEVELS.map((level) => (
          <li key={level}>
            <svg viewBox="0 0 10 10" width="10" height="10">
              <rect class={`band-${level}`} width="10" height="10" />
            </svg>
            {LEVEL_WORDS[level]}
          </li>
        ))}
        <MarkLegend />
      </ul>
      <div class="timeline" aria-hidden="true">
        {names.map((name) => {
          const dataset = history.datasets[name];
          return dataset === undefined ? null : (
            <TimelineRow key={name} name={name} dataset={dataset} history={history} />
          );
        })}
        <DisturbanceRow history={history} startedAt={startedAt} />
        <span />
        <div class="axis">
          <span>{spanText(hours * 3600)} ago</span>
          <span>{spanText(hours * 1800)} ago</span>
          <span>now</span>
        </div>
      </div>
      <TimelineTable history={history} names={names} />
      <MarkTable history={history} startedAt={startedAt} />
    </Panel>
  );
}

interface TimelineRowProps {
  name: string;
  dataset: DatasetHistory;
  history: TrustHistory;
}

function TimelineRow({ name, dataset, history }: TimelineRowProps) {
  const from = Date.parse(history.from);
  const span = Date.parse(history.generated_at) - from;
  const at = (iso: string): number => (1000 * (Date.parse(iso) - from)) / span;
  return (
    <>
      <button type="button" class="row" tabIndex={-1} onClick={() => openRuns(name)}>
        {nameText(name)}
      </button>
      <svg viewBox="0 0 1000 20" preserveAspectRatio="none">
        {dataset.bands.map((band) => (
          <rect
            key={band.from}
            class={`band-${band.level}`}
            x={at(band.from)}
            width={at(band.to) - at(band.from)}
            height="20"
          >
            <title>
              {LEVEL_WORDS[band.level]} from {clockText(band.from, nowMs.value)} to {clockText(band.to, nowMs.value)}
            </title>
          </rect>
        ))}
        {history.marks
          .filter((mark) => mark.dataset === name)
          .map((mark) => (
            <MarkBar key={mark.at} x={at(mark.at)} kind="protected" text={markText(mark)} />
          ))}
      </svg>
    </>
  );
}

/** The same as a table: share of the time in each level. */
function TimelineTable({ history, names }: { history: TrustHistory; names: string[] }) {
  return (
    <details>
      <summary>View as table</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label="Freshness as a table">
        <table>
          <caption>Share of the time in each level</caption>
          <thead>
            <tr>
              <th scope="col">Dataset</th>
              {LEVELS.map((level) => (
                <th key={level} scope="col" class="number">
                  {LEVEL_WORDS[level]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr key={name}>
                <th scope="row">{nameText(name)}</th>
                {LEVELS.map((level) => (
                  <td key={level} class="number">
                    {rateText(levelShare(history.datasets[name]?.bands ?? [], level))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function levelShare(bands: DatasetHistory['bands'], level: BandLevel): number | null {
  const length = (accept: (candidate: BandLevel) => boolean): number =>
    bands
      .filter((band) => accept(band.level))
      .reduce((sum, band) => sum + Date.parse(band.to) - Date.parse(band.from), 0);
  const whole = length(() => true);
  return whole === 0 ? null : length((candidate) => candidate === level) / whole;
}
