import type { Beat } from '../api/trust-history';
import { countText, nameText } from '../format/figure';
import { clockText } from '../format/time';
import { nowMs } from '../state/clock';
import { openRuns } from '../state/run-sheet';
import { beatsText, runTone } from './words';

const SLOTS = 48;
const HEIGHTS = { ok: 9, info: 15, warn: 18, act: 18, none: 5 } as const;

interface BeatsProps {
  dataset: string;
  beats: readonly Beat[];
}

/**
 * The last 48 runs, newest at the right; height and colour both carry the state, and a text says it again. Opens the list of
 * them, at the run that was pointed at.
 */
export function Beats({ dataset, beats }: BeatsProps) {
  const first = SLOTS - beats.length;
  const open = (event: MouseEvent): void => {
    const target = event.target instanceof Element ? event.target.closest<SVGElement>('[data-run]') : null;
    openRuns(dataset, target?.dataset['run'] ?? null);
  };
  return (
    <button type="button" class="beats" onClick={open} disabled={beats.length === 0}>
      <span class="spoken">Runs of {nameText(dataset)}:</span>
      <svg viewBox={`0 0 ${SLOTS * 4} 18`} preserveAspectRatio="none" aria-hidden="true">
        {Array.from({ length: Math.max(0, first) }, (_, slot) => (
          <rect key={slot} class="beat-none" x={slot * 4} y="16" width="2.6" height="2" />
        ))}
        {beats.map((beat, index) => {
          const tone = runTone(beat.state);
          return (
            <rect
              key={beat.run_id}
              data-run={beat.run_id}
              class={`beat-${tone}`}
              x={(first + index) * 4}
              y={18 - HEIGHTS[tone]}
              width="2.6"
              height={HEIGHTS[tone]}
            >
              <title>
                {clockText(beat.finished_at, nowMs.value)} {beat.state}, {countText(beat.rows_seen)} rows
                {beat.reason === null ? '' : `: ${beat.reason}`}
              </title>
            </rect>
          );
        })}
      </svg>
      <small>{beatsText(beats.map((beat) => beat.state))}</small>
    </button>
  );
}
