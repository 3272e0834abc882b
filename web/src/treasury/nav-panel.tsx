import type { PortfolioAnswer } from '../api/portfolio';
import { decimalText, NONE, shortAddresses } from '../format/figure';
import { Chip } from '../parts/chip';
import { Age } from '../parts/panel';
import type { Tone } from '../trust/status-sentence';
import { TRUST_WORDS } from '../trust/words';
import { percentOf } from './percent';

export const DRAWDOWN_TONES: Readonly<Record<string, Tone>> = {
  within: 'ok',
  soft: 'warn',
  hard: 'act',
  unknown: 'none',
};

/** What the portfolio is worth, and what could really be taken out of it: side by side, or none of it. */
export function NavPanel({ answer: { data, meta } }: { answer: PortfolioAnswer }) {
  const { nav, drawdown } = data;
  const values = [
    ['Worth at the price', nav.mid_tao, nav.mid_usd],
    ['Half sold at once', nav.executable_50_tao, nav.executable_50_usd],
    ['All sold at once', nav.executable_100_tao, nav.executable_100_usd],
  ] as const;
  const { word, tone } = TRUST_WORDS[meta.trust];
  return (
    <section class="kpis" aria-label="Portfolio value">
      {values.map(([name, tao, usd]) => (
        <p class="kpi" key={name}>
          <span class="quiet-text">{name}</span>
          <b class="amount">{decimalText(tao, 2)} τ</b>
          <span class="quiet-text amount">{usd === null ? NONE : `$${decimalText(usd, 0)}`}</span>
        </p>
      ))}
      <p class="kpi">
        <span class="quiet-text">Drawdown</span>
        <b>{percentOf(drawdown.current)}</b>
        <Chip tone={DRAWDOWN_TONES[drawdown.state] ?? 'none'}>
          {`${drawdown.state}, limits ${percentOf(drawdown.soft_limit)} / ${percentOf(drawdown.hard_limit)}`}
        </Chip>
      </p>
      <p class="kpi">
        <span class="quiet-text">Trust</span>
        <Chip tone={tone}>{word}</Chip>
        <Age asOf={meta.as_of} />
      </p>
      {!data.complete && (
        <p class="remark">
          Not complete, so no total is shown:{' '}
          {data.missing
            .slice(0, 3)
            .map((gap) => shortAddresses(`${gap.input}, ${gap.reason}`))
            .join('; ')}
        </p>
      )}
    </section>
  );
}
