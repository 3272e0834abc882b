import type { Beat } from '../api/trust-history';
import { countText } from '../format/figure';
import { clockText } from '../format/time';
import { nowMs } from '../state/clock';
import { beatsText, runTone } from './words';

const SLOTS = 48;
const HEIGHTS = { ok: 9, info: 15, warn: 18, act: 18, none: 5 } as const;

/** The last 48 runs, newest at the right; height and colour both carry the state, and a text says it again. */
export function Beats({ beats }: { beats: readonly Beat[] }) {
  const first = SLOTS - beats.length;
  return (
    <div class="beats">
      <svg viewBox={`0 0 ${SLOTS * 4} 18`} preserveAspectRatio="none" aria-hidden="true">
        {Array.from({ length: Math.max(0, first) }, (_, slot) => (
          <rect key={slot} class="beat-none" x={slot * 4} y="16" width="2.6" height="2" />
        ))}
        {beats.map((beat, index) => {
          const tone = runTone(beat.state);
          return (
            <rect
              key={beat.run_id}
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
    </div>
  );
}
