import { clockText, spanText } from '../format/time';
import { ageSeconds, nowMs } from '../state/clock';
import { caughtUp, live } from '../state/live';
import { asking, outcomeText, requestSync } from '../state/sync';
import { pack } from '../state/trust';
import { helpOpen, quiet, tab, TABS } from '../state/view';

const TAB_NAMES = { trust: 'Trust', treasury: 'Treasury' } as const;

export function Header() {
  return (
    <header class="bar">
      <h1 class="brand">
        <span aria-hidden="true">τ</span> TAO Treasury
      </h1>
      <nav aria-label="Views">
        {TABS.map((name) => (
          <a key={name} href={`#${name}`} aria-current={tab.value === name ? 'page' : undefined}>
            {TAB_NAMES[name]}
          </a>
        ))}
        <a href="/docs">API</a>
      </nav>
      <AsOf />
      <div class="tools">
        <button type="button" class="main" disabled={asking.value} onClick={() => void requestSync()}>
          Sync now
        </button>
        <button type="button" aria-pressed={quiet.value} onClick={() => (quiet.value = !quiet.value)}>
          Hide amounts
        </button>
        <button type="button" aria-label="Keys and words" onClick={() => (helpOpen.value = true)}>
          ?
        </button>
      </div>
      <Outcome />
    </header>
  );
}

/** When the figures were taken, and how they are kept current. */
function AsOf() {
  const taken = pack.value?.generated_at ?? null;
  return (
    <p class="as-of">
      <span class={`live live-${live.value}`}>{LIVE_WORDS[live.value]}</span>
      {caughtUp.value > 0 && <span>caught up on {caughtUp.value} missed events</span>}
      {taken !== null && (
        <span title={taken}>
          as of {clockText(taken, nowMs.value)}, {spanText(ageSeconds(taken) ?? 0)} ago
        </span>
      )}
    </p>
  );
}

const LIVE_WORDS = { connecting: 'connecting', live: 'live', polling: 'asking every 5 s' } as const;

function Outcome() {
  const text = outcomeText();
  return (
    <p class="outcome" role="status" aria-label="Sync" hidden={text === null}>
      {text}
    </p>
  );
}
