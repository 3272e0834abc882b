import type { ReconciliationStanding } from '../metrics';
import type { Finding } from './issue';
import type { TrustInputs } from './trust-inputs';

const SECONDS_PER_HOUR = 3_600;

/** Reconciliation as the trust pack shows it; null stands for what was never looked at. */
export function buildReconciliation({ reconciliation, featureFlags }: TrustInputs) {
  const { last = null, lastPassAt = null, quote = null } = reconciliation ?? {};
  return {
    enabled: featureFlags['enable_reconciliation'] === true,
    last_run_id: last?.id ?? null,
    last_verdict: last?.verdict ?? null,
    last_quantities: last?.quantities ?? null,
    last_finished_at: last?.finishedAt ?? null,
    last_pass_at: lastPassAt,
    breaks: last?.breaks ?? null,
    quote_check:
      quote === null
        ? null
        : {
            at: quote.at,
            netuid: quote.netuid,
            direction: quote.direction,
            agreement: quote.agreement,
            difference: quote.difference,
            tolerance: quote.tolerance,
          },
  };
}

/** Datasets that drifted have an issue of their own; here is what belongs to none. */
export function findReconciliationIssues({ reconciliation }: TrustInputs): Finding[] {
  const quote = reconciliation?.quote ?? null;
  if (quote?.agreement !== 'fail') return [];
  return [
    {
      code: 'quote_drift',
      severity: 'warning',
      message: `Quotes differ from those of TaoStats: ${quote.reason}. Do not trade on them.`,
      since: quote.at,
      evidence: {
        netuid: quote.netuid,
        direction: quote.direction,
        difference: quote.difference,
        tolerance: quote.tolerance,
        quote_block: quote.quoteBlock,
        pool_block: quote.poolBlock,
      },
    },
  ];
}

/** The same for Prometheus. */
export function toReconciliationStanding(inputs: TrustInputs): ReconciliationStanding {
  const view = buildReconciliation(inputs);
  const intervalSeconds = Math.round(inputs.settings.reconciliationIntervalHours * SECONDS_PER_HOUR);
  return {
    intervalSeconds: view.enabled ? intervalSeconds : 0,
    verdict: view.last_verdict,
    breaks: view.breaks,
    balancesOffTao: inputs.reconciliation?.last?.balancesOffTao ?? null,
    lastRunAt: view.last_finished_at,
    lastPassAt: view.last_pass_at,
    quoteDrifted: view.quote_check === null ? null : view.quote_check.agreement === 'fail',
  };
}
