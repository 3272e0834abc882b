import type { Tone } from '../trust/status-sentence';

/** A word with a shape and a colour of its own, so that none of the three stands alone. */
export function Chip({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span class={`chip tone-${tone}`}>
      <Shape tone={tone} />
      {children}
    </span>
  );
}

/** Full circle: fine. Ring: informs. Triangle: late. Square: act. Dash: nothing known. */
export function Shape({ tone }: { tone: Tone }) {
  return (
    <svg class="shape" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      {SHAPES[tone]}
    </svg>
  );
}

const SHAPES = {
  ok: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  info: <circle cx="6" cy="6" r="3.8" fill="none" stroke="currentColor" stroke-width="2.2" />,
  warn: <path d="M6 1 11.4 11H.6Z" fill="currentColor" />,
  act: <rect x="1" y="1" width="10" height="10" rx="1.5" fill="currentColor" />,
  none: <rect x="1" y="5" width="10" height="2" rx="1" fill="currentColor" />,
} as const;
