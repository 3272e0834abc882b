import type { Mark, TrustHistory } from '../api/trust-history';
import { countText, nameText } from '../format/figure';
import { clockText } from '../format/time';
import { TableView } from '../parts/line-chart';
import { nowMs } from '../state/clock';

type MarkKind = Mark['kind'] | 'started';

const WORDS: Readonly<Record<MarkKind, string>> = {
  protected: 'answer refused',
  rate_limited: '429',
  started: 'service started',
};
const KINDS: readonly MarkKind[] = ['protected', 'rate_limited', 'started'];

export function MarkLegend() {
  return (
    <>
      {KINDS.map((kind) => (
        <li key={kind}>
          <svg viewBox="0 0 10 10" width="10" height="10">
            <rect class={`mark-${kind}`} x="3" width="4" height="10" />
          </svg>
          {WORDS[kind]}
        </li>
      ))}
    </>
  );
}

/** A thin bar on a row of 1000 by 20. */
export function MarkBar({ x, kind, text }: { x: number; kind: MarkKind; text: string }) {
  return (
    <rect class={`mark-${kind}`} x={Math.max(0, x - 2)} width="4" height="20">
      <title>{text}</title>
    </rect>
  );
}

export function markText({ kind, at, count, reason }: Mark): string {
  const times = count === 1 ? '' : `${countText(count)} × `;
  return `${clockText(at, nowMs.value)} ${times}${WORDS[kind]}${reason === null ? '' : `: ${reason}`}`;
}

interface DisturbanceProps {
  history: TrustHistory;
  /** When the process that answered was started. */
  startedAt: string;
}

/** What disturbs all datasets at once: TaoStats' 429 and the last start of the service. */
export function DisturbanceRow({ history, startedAt }: DisturbanceProps) {
  const from = Date.parse(history.from);
  const span = Date.parse(history.generated_at) - from;
  const at = (iso: string): number => (1000 * (Date.parse(iso) - from)) / span;
  return (
    <>
      <span>All datasets</span>
      <svg viewBox="0 0 1000 20" preserveAspectRatio="none">
        <rect class="track" y="9" width="1000" height="2" />
        {history.marks
          .filter((mark) => mark.dataset === null)
          .map((mark) => (
            <MarkBar key={mark.at} x={at(mark.at)} kind={mark.kind} text={markText(mark)} />
          ))}
        {startedAt >= history.from && (
          <MarkBar x={at(startedAt)} kind="started" text={`${clockText(startedAt, nowMs.value)} ${WORDS.started}`} />
        )}
      </svg>
    </>
  );
}

/** The same marks as a table, newest first. */
export function MarkTable({ history, startedAt }: DisturbanceProps) {
  const start = startedAt >= history.from ? [{ at: startedAt, kind: 'started' as const }] : [];
  const rows = [...history.marks, ...start].sort((a, b) => b.at.localeCompare(a.at));
  if (rows.length === 0) return null;
  return (
    <TableView
      label="Disturbances as a table"
      summary={`Disturbances as a table (${countText(rows.length)})`}
      titles={['Minute', 'What', 'Dataset', 'Times', 'Reason']}
      rows={rows.map((row) => [
        clockText(row.at, nowMs.value),
        WORDS[row.kind],
        'dataset' in row && row.dataset !== null ? nameText(row.dataset) : 'all',
        'count' in row ? countText(row.count) : '1',
        ('reason' in row ? row.reason : null) ?? '',
      ])}
    />
  );
}
