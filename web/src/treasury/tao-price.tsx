import type { TaoPriceAnswer } from '../api/subnets';
import { compareDecimals, decimalText } from '../format/figure';
import { clockText } from '../format/time';
import { Chip } from '../parts/chip';
import { Age } from '../parts/panel';
import { nowMs } from '../state/clock';
import { TRUST_WORDS } from '../trust/words';

export function TaoPrice({ answer: { data, meta } }: { answer: TaoPriceAnswer }) {
  const changes = [
    ['1 h', data.change_1_hour_percent],
    ['24 h', data.change_24_hours_percent],
    ['7 d', data.change_7_days_percent],
  ] as const;
  const { word, tone } = TRUST_WORDS[meta.trust];
  return (
    <section class="kpis" aria-label="TAO price">
      <p class="kpi">
        <span class="quiet-text">1 τ</span>
        <b>${decimalText(data.price_usd, 2)}</b>
      </p>
      {changes.map(([period, percent]) => (
        <p class="kpi" key={period}>
          <span class="quiet-text">{period}</span>
          <span>
            {percent !== null && compareDecimals(percent, '0') > 0 ? '+' : ''}
            {decimalText(percent, 2)} %
          </span>
        </p>
      ))}
      <p class="kpi">
        <span class="quiet-text">
          {meta.as_of === null ? 'never synced' : `as of ${clockText(meta.as_of, nowMs.value)}`}
        </span>
        <span>
          <Chip tone={tone}>{word}</Chip> <Age asOf={meta.as_of} />
        </span>
      </p>
    </section>
  );
}
