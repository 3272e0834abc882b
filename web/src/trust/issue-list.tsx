import type { Issue, TrustPack } from '../api/trust-pack';
import { shortAddresses } from '../format/figure';
import { clockText, spanText } from '../format/time';
import { Panel } from '../parts/panel';
import { Chip } from '../parts/chip';
import { ageSeconds, nowMs } from '../state/clock';
import type { Tone } from './status-sentence';

export const SEVERITY_TONES: Readonly<Record<Issue['severity'], Tone>> = {
  critical: 'act',
  warning: 'warn',
  notice: 'info',
};
export const SEVERITY_WORDS = { critical: 'critical', warning: 'warning', notice: 'for your information' } as const;

/** Everything that stands, with its beginning. Absent when there is nothing. */
export function IssueList({ pack }: { pack: TrustPack }) {
  const issues = [...pack.overall_health.issues, ...pack.overall_health.notices];
  if (issues.length === 0) return null;
  return (
    <Panel id="issues" title="What is wrong" asOf={pack.generated_at}>
      <ul class="issues">
        {issues.map((issue) => (
          <li key={`${issue.code} ${issue.subject}`}>
            <Chip tone={SEVERITY_TONES[issue.severity]}>{SEVERITY_WORDS[issue.severity]}</Chip>
            <span>
              {shortAddresses(issue.message)}
              <small class="story">
                {issue.code}, since {clockText(issue.since, nowMs.value)} ({spanText(ageSeconds(issue.since) ?? 0)});
                see <code>{issue.runbook}</code>
              </small>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
