import { ExactDecimal } from '../common';
import type { PortfolioPast } from '../treasury';
import type { AlertFinding, TreasuryCode } from './alert-finding';

/** What the value of all wallets together, hour by hour, gives reason to say. Pure. */
export function findTreasuryProblems({ points, drawdown }: PortfolioPast): AlertFinding[] {
  const newest = points.at(-1);
  // Nothing was ever recorded: there is no wallet, or its first answer is on the way, and the trust pack says which.
  if (newest === undefined) return [];
  const findings: AlertFinding[] = [];
  if (!newest.complete) {
    // Inputs hold addresses, which are nobody's business where messages go.
    const [first] = newest.missing;
    const count = newest.missing.length;
    const reason = first === undefined ? '' : `: ${first.reason}${count > 1 ? ` and ${count - 1} more` : ''}`;
    findings.push(
      findingOf('nav_incomplete', 'warning', `The value of the treasury is not known${reason}.`, new Date(newest.at)),
    );
  }
  const { current, state, soft_limit: soft, hard_limit: hard } = drawdown;
  if (current !== null && (state === 'soft' || state === 'hard')) {
    const limit = state === 'hard' ? hard : soft;
    const message = `The treasury is ${percent(current)} below its peak; the ${state} limit is ${percent(limit)}.`;
    findings.push(findingOf('drawdown_limit', state === 'hard' ? 'critical' : 'warning', message, null));
  }
  if (drawdown.ends_because !== null && newest.complete) {
    const until = drawdown.as_of === null ? 'yet' : `since ${drawdown.as_of}`;
    const message = `The drawdown is not known ${until}: events of a wallet are missing, so its limits are not watched.`;
    findings.push(findingOf('drawdown_unknown', 'notice', message, null));
  }
  return findings;
}

function findingOf(
  code: TreasuryCode,
  severity: AlertFinding['severity'],
  message: string,
  since: Date | null,
): AlertFinding {
  return { key: code, code, subject: null, severity, message, since };
}

function percent(fraction: string): string {
  return `${new ExactDecimal(fraction).times(100).toDecimalPlaces(2).toFixed()} %`;
}
