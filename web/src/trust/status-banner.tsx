import { useEffect, useRef, useState } from 'preact/hooks';
import type { TrustPack } from '../api/trust-pack';
import { Shape } from '../parts/chip';
import { countdownText } from '../format/time';
import { nowMs } from '../state/clock';
import { type StatusSentence, statusSentence } from './status-sentence';

/** A screen reader is interrupted at most this often. */
const SPOKEN_EVERY_MS = 10_000;

/** The state of everything in one sentence, and how long a pause still lasts. */
export function StatusBanner({ pack }: { pack: TrustPack }) {
  const status = statusSentence(pack);
  return (
    <section class={`status tone-${status.tone}`} aria-label="Status">
      <Shape tone={status.tone} />
      <div>
        <p class="sentence" aria-hidden="true">
          <strong>{status.verdict}.</strong> {status.sentence}
        </p>
        <p class="consequence" aria-hidden="true">
          {status.consequence}
        </p>
        <Spoken status={status} />
      </div>
      <Pause pack={pack} />
    </section>
  );
}

function Spoken({ status }: { status: StatusSentence }) {
  const text = `${status.verdict}. ${status.sentence} ${status.consequence}`;
  const [spoken, setSpoken] = useState(text);
  const lastMs = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, lastMs.current + SPOKEN_EVERY_MS - Date.now());
    const timer = setTimeout(() => {
      lastMs.current = Date.now();
      setSpoken(text);
    }, wait);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <p class="spoken" role="status" aria-live="polite">
      {spoken}
    </p>
  );
}

/** Throttling ends by itself: a countdown, no alarm. */
function Pause({ pack: { upstream } }: { pack: TrustPack }) {
  const until = upstream.quota_exhausted_until ?? upstream.blocked_until;
  const leftSeconds = until === null ? 0 : (Date.parse(until) - nowMs.value) / 1000;
  if (leftSeconds <= 0) return null;
  return (
    <p class="pause" role="timer" aria-label="TaoStats pause">
      <span class="quiet-text">
        {upstream.quota_exhausted_until === null ? 'throttled, retry in' : 'credits used up, retry in'}
      </span>
      <b>{countdownText(leftSeconds)}</b>
    </p>
  );
}
