import type { ChangesAnswer } from '../api/portfolio';
import { raoOf } from '../format/amount';
import { compareDecimals, decimalText, shortAddresses } from '../format/figure';
import { clockText } from '../format/time';
import { Chip } from '../parts/chip';
import { TableView } from '../parts/line-chart';
import { Panel } from '../parts/panel';
import { nowMs } from '../state/clock';
import { changes, period } from '../state/past';
import { TRUST_WORDS } from '../trust/words';
import { causeText, type Step, type Waterfall, waterfallOf } from './causes';

const REASONS_SHOWN = 4;

/** Why the treasury is worth more or less than at the beginning of the period: the causes add up, or the panel says that they do not. */
export function ChangesPanel() {
  const answer = changes.value;
  const tools = answer === null ? undefined : <Verdict answer={answer} />;
  return (
    <Panel id="changes" title={`What changed, ${period.value}`} asOf={answer?.meta.as_of} tools={tools}>
      {answer === null ? <p class="empty">Reading what changed…</p> : <Changes {...answer} />}
    </Panel>
  );
}

function Verdict({ answer: { data, meta } }: { answer: ChangesAnswer }) {
  const waterfall = waterfallOf(data);
  if (waterfall === null) return <Chip tone="none">not complete</Chip>;
  if (waterfall.difference !== null) return <Chip tone="act">does not reconcile</Chip>;
  const { word, tone } = TRUST_WORDS[meta.trust];
  return <Chip tone={tone}>{`adds up, ${word}`}</Chip>;
}

function Changes({ data }: ChangesAnswer) {
  const waterfall = waterfallOf(data);
  if (waterfall === null) return <Incomplete missing={data.missing} />;
  const { start_at, end_at } = data.window;
  return (
    <>
      <p class="remark">
        {start_at === null ? '' : `From ${clockText(start_at, nowMs.value)}`}
        {end_at === null ? '' : ` to ${clockText(end_at, nowMs.value)}`}
      </p>
      {waterfall.difference !== null && (
        <p class="remark" role="alert">
          The causes miss the value by <span class="amount">{signedTao(waterfall.difference, 9)}</span>: do not rely on
          this panel.
        </p>
      )}
      <Bars waterfall={waterfall} />
      <TableView
        label="Changes as a table"
        amounts
        titles={['Cause', 'TAO']}
        rows={data.lines.map((line) => [
          line.netuid === null ? causeText(line.cause) : `SN${line.netuid}, ${causeText(line.cause)}`,
          signedTao(line.tao, 9),
        ])}
      />
    </>
  );
}

function Incomplete({ missing }: { missing: ChangesAnswer['data']['missing'] }) {
  return (
    <>
      <p class="empty">Not everything is known of this period, so no figure is shown:</p>
      <ul class="reasons">
        {missing.slice(0, REASONS_SHOWN).map(({ input, reason }) => (
          <li key={`${input} ${reason}`}>{shortAddresses(`${input}: ${reason}`)}</li>
        ))}
      </ul>
      {missing.length > REASONS_SHOWN && <p class="remark">and {missing.length - REASONS_SHOWN} more.</p>}
    </>
  );
}

/** A bar from where the value stood to where the cause brought it. */
function Bars({ waterfall: { opening, closing, steps } }: { waterfall: Waterfall }) {
  const levels = [opening, closing, ...steps.flatMap((step) => [step.from, step.to])].map((tao) => raoOf(tao));
  const lowest = levels.reduce((a, b) => (a < b ? a : b));
  const highest = levels.reduce((a, b) => (a > b ? a : b));
  // Not from zero: the causes would be too thin to see. The fifth below the lowest gives the first bar a body.
  const low = lowest - (highest - lowest) / 5n;
  const span = highest - low;
  const at = (tao: string): number => (span === 0n ? 0 : Number(((raoOf(tao) - low) * 10_000n) / span) / 100);
  return (
    <table class="waterfall">
      <caption class="spoken">From the opening to the closing value, cause by cause</caption>
      <tbody>
        <Bar name="Opening" text={decimalText(opening, 2)} from={0} to={at(opening)} kind="level" />
        {steps.map((step) => (
          <Bar
            key={step.name}
            name={step.name}
            text={signedTao(step.tao, isSmall(step.tao) ? 6 : 2)}
            from={at(step.from)}
            to={at(step.to)}
            kind={kindOf(step)}
          />
        ))}
        <Bar name="Closing" text={decimalText(closing, 2)} from={0} to={at(closing)} kind="level" />
      </tbody>
    </table>
  );
}

type BarKind = 'level' | 'gain' | 'loss';

function kindOf({ tao }: Step): BarKind {
  return compareDecimals(tao, '0') < 0 ? 'loss' : 'gain';
}

function Bar({ name, text, from, to, kind }: { name: string; text: string; from: number; to: number; kind: BarKind }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
          <rect class={`bar-${kind}`} x={Math.min(from, to)} width={Math.max(0.6, Math.abs(to - from))} height="12" />
        </svg>
      </td>
      <td class="number amount">{text}</td>
    </tr>
  );
}

/** Two decimals would read as nothing. */
function isSmall(tao: string): boolean {
  return compareDecimals(tao.replace('-', ''), '0.01') < 0;
}

function signedTao(tao: string, decimals: number): string {
  return `${compareDecimals(tao, '0') > 0 ? '+' : ''}${decimalText(tao, decimals)}`;
}
