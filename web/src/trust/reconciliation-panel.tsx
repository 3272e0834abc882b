import type { Check, Finding, Reconciliation, Verdict } from '../api/reconciliation';
import { countText, nameText, NONE, shortAddresses } from '../format/figure';
import { Chip } from '../parts/chip';
import { TableView } from '../parts/line-chart';
import { Panel } from '../parts/panel';
import { reconcileOutcome, reconciliation, requestReconciliation } from '../state/reconciliation';
import type { Tone } from './status-sentence';

const VERDICTS: Readonly<Record<Verdict, { word: string; tone: Tone; meaning: string }>> = {
  pass: { word: 'agrees', tone: 'ok', meaning: 'Quantities and prices agree with a second reading.' },
  drift: { word: 'drift', tone: 'warn', meaning: 'Quantities agree; prices, or the model of them, do not.' },
  break: { word: 'break', tone: 'act', meaning: 'A quantity does not add up: do not trade on it.' },
  incomplete: { word: 'incomplete', tone: 'none', meaning: 'A source failed or was partial: neither yes nor no.' },
};

/** What each check compares; docs/reconciliation.md says how. */
const CHECKS: Readonly<Record<string, string>> = {
  R1: 'alpha of each position',
  R2: 'value of each position at the same block',
  R3: 'value of all wallets',
  R4: 'positions and staked balance',
  R5: 'parts and total of a balance',
  R6: 'free TAO over two days',
  R7: 'alpha of each subnet over two days',
  R8: 'own trades and our curve',
  R9: 'our quotes and those of TaoStats',
  R10: 'figures within each pool',
  R11: 'earnings over two days',
  R12: 'whether the sources are whole',
  R13: 'gains and cost basis',
};

/** What a second reading of TaoStats said of the stored figures. */
export function ReconciliationPanel() {
  const known = reconciliation.value;
  if (known === null) return null;
  const tools = (
    <>
      {known !== 'none' && known.verdict !== null && (
        <Chip tone={VERDICTS[known.verdict].tone}>{VERDICTS[known.verdict].word}</Chip>
      )}
      <button type="button" onClick={() => void requestReconciliation()}>
        Reconcile now
      </button>
    </>
  );
  return (
    <Panel id="reconciliation" title="Reconciliation" asOf={known === 'none' ? null : known.finished_at} tools={tools}>
      <p class="outcome" role="status" aria-label="Reconciliation" hidden={reconcileOutcome.value === null}>
        {reconcileOutcome.value}
      </p>
      {known === 'none' ? (
        <p class="empty">Nothing was compared with a second reading yet.</p>
      ) : (
        <Outcome found={known} />
      )}
    </Panel>
  );
}

function Outcome({ found }: { found: Reconciliation }) {
  const drifting = found.drift_raised.map(nameText).join(', ');
  return (
    <>
      <p class="remark">
        {found.verdict !== null && VERDICTS[found.verdict].meaning} {shortAddresses(found.reason ?? '')}{' '}
        {countText(found.calls)} calls, asked by {found.trigger}.{drifting !== '' && ` Drift raised on ${drifting}.`}
        {found.repair !== null &&
          ` Repair of ${found.repair.datasets.map(nameText).join(', ')}: ${found.repair.state}.`}
      </p>
      <Checks checks={found.checks} />
      {found.evidence.length > 0 && (
        <TableView
          label="What did not pass"
          summary={`What did not pass (${countText(found.evidence_total)})`}
          titles={['Check', 'Subject', 'Stored', 'Second reading', 'Difference', 'Reason']}
          rows={found.evidence.map((finding) => [
            `${finding.check} ${finding.severity}`,
            finding.subject,
            figure(finding.expected, finding),
            figure(finding.actual, finding),
            figure(finding.difference, finding),
            finding.reason,
          ])}
        />
      )}
    </>
  );
}

function Checks({ checks }: { checks: Check[] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Checks of the reconciliation">
      <table class="checks">
        <thead>
          <tr>
            {['Check', 'Verdict', 'Passed', 'Warned', 'Failed', 'Skipped'].map((title, column) => (
              <th key={title} scope="col" class={column < 2 ? '' : 'number'}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {checks.map((check) => (
            <tr key={check.check}>
              <th scope="row">
                {check.check}
                <small class="story">{CHECKS[check.check]}</small>
              </th>
              <td>
                <Chip tone={VERDICTS[check.verdict].tone}>{VERDICTS[check.verdict].word}</Chip>
              </td>
              {[check.passed, check.warned, check.failed, check.skipped].map((count, column) => (
                <td key={column} class="number">
                  {countText(count)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function figure(value: string | null, { unit }: Finding): string {
  return value === null ? NONE : unit === 'count' ? value : `${value} ${unit === 'rao' ? 'rao' : ''}`.trim();
}
