import { useEffect } from 'preact/hooks';
import type { ExitCurveAnswer, HoldingView } from '../api/portfolio';
import type { SubnetView } from '../api/subnets';
import { raoOf } from '../format/amount';
import { decimalText, NONE } from '../format/figure';
import { Chip } from '../parts/chip';
import { LineChart, LineKey, TableView } from '../parts/line-chart';
import { Panel } from '../parts/panel';
import { exitCurve, exitNetuid, exitProblem, loadExitCurve } from '../state/exit';
import { Fact } from '../trust/budget-panel';
import { TRUST_WORDS } from '../trust/words';
import { percentOf, pixelOf } from './percent';

const HALF = 50;
const WHOLE = 100;

/** What selling a growing share of one subnet's stake would bring, and what it would cost. */
export function ExitPanel({ holdings, subnets }: { holdings: HoldingView[]; subnets: SubnetView[] }) {
  const sellable = holdings.filter((holding) => raoOf(holding.alpha) > 0n);
  const holding = sellable.find(({ netuid }) => netuid === exitNetuid.value) ?? costliest(sellable);
  const key = holding === undefined ? null : `${holding.netuid} ${holding.alpha} ${holding.price_tao}`;
  useEffect(() => {
    let wanted = true;
    if (holding !== undefined) void loadExitCurve(holding.netuid, holding.alpha, () => wanted);
    return () => {
      wanted = false;
    };
  }, [key]);
  const names = new Map(subnets.map((subnet) => [subnet.netuid, subnet.name]));
  const answer = holding !== undefined && exitCurve.value?.data.netuid === holding.netuid ? exitCurve.value : null;
  const problem = exitProblem.value;
  const tools =
    answer === null ? undefined : (
      <Chip tone={TRUST_WORDS[answer.meta.trust].tone}>{TRUST_WORDS[answer.meta.trust].word}</Chip>
    );
  return (
    <Panel id="exit" title="Exit cost" asOf={answer?.meta.as_of} tools={tools}>
      {holding === undefined ? (
        <p class="empty">Nothing is staked that could be sold.</p>
      ) : (
        <>
          <label class="choice">
            <span>Subnet</span>
            <select value={holding.netuid} onChange={(event) => (exitNetuid.value = Number(event.currentTarget.value))}>
              {sellable.map(({ netuid }) => (
                <option key={netuid} value={netuid}>{`${netuid} ${names.get(netuid) ?? ''}`}</option>
              ))}
            </select>
          </label>
          {problem !== null && <p class="remark">{problem}</p>}
          {answer !== null && <Curve answer={answer} />}
          {answer === null && problem === null && <p class="empty">Reading the curve…</p>}
        </>
      )}
    </Panel>
  );
}

/** The holding whose sale would lose most TAO: the one worth looking at first. */
function costliest(holdings: HoldingView[]): HoldingView | undefined {
  const lost = ({ mid_tao, exit_100 }: HoldingView): bigint =>
    mid_tao === null || exit_100 === null ? -1n : raoOf(mid_tao) - raoOf(exit_100.value_tao);
  return [...holdings].sort((a, b) => (lost(a) < lost(b) ? 1 : -1))[0];
}

function Curve({ answer: { data } }: { answer: ExitCurveAnswer }) {
  const whole = raoOf(data.amount);
  const points = data.points.map((point) => ({
    ...point,
    share: Number((raoOf(point.input) * 10_000n) / whole) / 100,
  }));
  const at = (share: number): (typeof points)[number] | undefined =>
    points.find((point) => Math.round(point.share) === share);
  const refused = points.find((point) => point.refusal !== null);
  return (
    <figure class="chart">
      <figcaption>
        <span class="line-keys">
          <LineKey colour={1}>TAO received</LineKey>
          <LineKey colour={3}>% lost, at the right</LineKey>
        </span>
        {[HALF, WHOLE].map((share) => (
          <span key={share}>
            {share} % sold: <b class="amount">{decimalText(at(share)?.output ?? null, 2)} τ</b>,{' '}
            {percentOf(at(share)?.slippage ?? null)} lost
          </span>
        ))}
        {refused?.refusal != null && <span>{`From ${Math.round(refused.share)} % on: ${refused.refusal.reason}`}</span>}
      </figcaption>
      <LineChart
        x={[0, ...points.map((point) => point.share)]}
        unit="percent"
        marks={[HALF, WHOLE]}
        lines={[
          { colour: 1, values: [0, ...points.map((point) => pixelOf(point.output))] },
          { colour: 3, values: [0, ...points.map((point) => pixelOf(point.slippage, WHOLE))], right: true },
        ]}
      />
      <dl class="facts">
        {data.largest_under.map(({ slippage, amount }) => (
          <Fact key={slippage} name={`Most alpha to sell under ${percentOf(slippage)}`}>
            <span class="amount">{amount === null ? 'any' : decimalText(amount, 2)}</span>
          </Fact>
        ))}
      </dl>
      <TableView
        label="Exit cost as a table"
        amounts
        titles={['Share sold', 'Alpha', 'TAO received', 'Lost']}
        rows={points.map((point) => [
          `${Math.round(point.share)} %`,
          decimalText(point.input, 2),
          point.refusal === null ? decimalText(point.output, 4) : point.refusal.reason,
          point.slippage === null ? NONE : percentOf(point.slippage),
        ])}
      />
      {data.notes.length > 0 && <p class="remark">{data.notes.join('; ')}</p>}
      <p class="remark">Computed here from the stored pool ({data.method.replaceAll('_', ' ')}), fee included.</p>
    </figure>
  );
}
