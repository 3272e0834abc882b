import type { DrawdownView, HoldingView, PortfolioAnswer } from '../api/portfolio';
import { compareDecimals, countText, decimalText, NONE } from '../format/figure';
import { Chip } from '../parts/chip';
import { Panel } from '../parts/panel';
import { LimitBar } from '../trust/age-bar';
import { Fact } from '../trust/budget-panel';
import type { Tone } from '../trust/status-sentence';
import { TRUST_WORDS } from '../trust/words';
import { DRAWDOWN_TONES } from './nav-panel';
import { percentOf } from './percent';

/** Above these shares lost, leaving a subnet at once is dear. */
const DEAR = ['0.05', '0.1'] as const;

const BAND_TONES: Readonly<Record<string, Tone>> = { spread: 'ok', moderate: 'info', concentrated: 'warn' };

/** How near the portfolio is to the limits that somebody set, and to what makes it hard to leave. */
export function LimitsPanel({ answer: { data, meta } }: { answer: PortfolioAnswer }) {
  const { drawdown, concentration, holdings } = data;
  return (
    <Panel
      id="limits"
      title="Limits"
      asOf={meta.as_of}
      tools={<Chip tone={TRUST_WORDS[meta.trust].tone}>{TRUST_WORDS[meta.trust].word}</Chip>}
    >
      <DrawdownBar {...drawdown} />
      <dl class="facts">
        <Fact name={`Drawdown, soft ${percentOf(drawdown.soft_limit)}, hard ${percentOf(drawdown.hard_limit)}`}>
          <Chip tone={DRAWDOWN_TONES[drawdown.state] ?? 'none'}>
            {`${percentOf(drawdown.current)}, ${drawdown.state}`}
          </Chip>
        </Fact>
        {DEAR.map((share) => (
          <Fact key={share} name={`Subnets that cost over ${percentOf(share)} to leave at once`}>
            <Dear count={dearer(holdings, share)} of={holdings.length} />
          </Fact>
        ))}
        <Fact
          name={`Concentration${concentration === null ? '' : `, like ${decimalText(concentration.effective_count, 1)} equal parts`}`}
        >
          {concentration === null ? (
            NONE
          ) : (
            <Chip tone={BAND_TONES[concentration.band] ?? 'none'}>{concentration.band}</Chip>
          )}
        </Fact>
      </dl>
    </Panel>
  );
}

/** Where the value stands below its peak, with both limits as ticks. */
function DrawdownBar({ current, state, soft_limit, hard_limit }: DrawdownView) {
  if (current === null) return null;
  const level = state === 'hard' ? 'critical' : state === 'soft' ? 'warning' : 'fresh';
  return (
    <div class="age-bar wide">
      <LimitBar level={level} value={Number(current)} warning={Number(soft_limit)} critical={Number(hard_limit)} />
    </div>
  );
}

function Dear({ count, of }: { count: number; of: number }) {
  return <Chip tone={count === 0 ? 'ok' : 'warn'}>{`${countText(count)} of ${countText(of)}`}</Chip>;
}

function dearer(holdings: HoldingView[], share: string): number {
  return holdings.filter(({ exit_100 }) => exit_100 !== null && compareDecimals(exit_100.slippage, share) > 0).length;
}
