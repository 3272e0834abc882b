import type { UpstreamSnapshot } from '../metrics';
import type { Finding } from './issue';

/** What is wrong between us and TaoStats. Throttling that ends by itself is a notice; only people change keys and plans. */
export function findUpstreamIssues(upstream: UpstreamSnapshot | null, now: Date): Finding[] {
  if (upstream === null) return [];
  return [
    ...keyIssues(upstream, now),
    ...pauseIssues(upstream, now),
    ...upstream.breakers
      .filter((breaker) => breaker.state !== 'closed')
      .map((breaker): Finding => ({
        code: 'upstream_breaker_open',
        severity: 'warning',
        subject: breaker.scope,
        message: `TaoStats fails at ${breaker.scope}, so it is not asked again before ${timeOf(breaker.until)}.`,
        evidence: { state: breaker.state, until: breaker.until },
      })),
    ...planIssues(upstream),
  ];
}

function keyIssues(upstream: UpstreamSnapshot, now: Date): Finding[] {
  const findings: Finding[] = [];
  if (upstream.keyState === 'rejected') {
    findings.push({
      code: 'upstream_auth_rejected',
      severity: 'critical',
      message: 'TaoStats refuses the key: check TAOSTATS_API_KEY.',
      evidence: { key_state: upstream.keyState },
    });
  }
  if (upstream.securityProblem) {
    findings.push({
      code: 'upstream_untrusted',
      severity: 'critical',
      message: 'The upstream could not prove who it is, so nothing is read from it.',
      evidence: { problem: upstream.securityProblem },
    });
  }
  if (isAhead(upstream.quotaExhaustedUntil, now)) {
    findings.push({
      code: 'upstream_quota_exhausted',
      severity: 'warning',
      message: `The credits of the TaoStats plan are used up; next try at ${timeOf(upstream.quotaExhaustedUntil)}.`,
      evidence: { until: upstream.quotaExhaustedUntil },
    });
  }
  return findings;
}

function pauseIssues(upstream: UpstreamSnapshot, now: Date): Finding[] {
  const findings: Finding[] = [];
  if (isAhead(upstream.blockedUntil, now)) {
    findings.push({
      code: 'upstream_paused',
      severity: 'notice',
      message: `TaoStats asked us to wait; calls go on at ${timeOf(upstream.blockedUntil)}.`,
      evidence: { blocked_until: upstream.blockedUntil, reason: upstream.pauseReason },
    });
  }
  if (upstream.pauseClamped === true) {
    findings.push({
      code: 'upstream_pause_clamped',
      severity: 'warning',
      message: 'TaoStats asked for a pause of more than 24 h; 24 h were taken.',
      evidence: { blocked_until: upstream.blockedUntil },
    });
  }
  return findings;
}

function planIssues(upstream: UpstreamSnapshot): Finding[] {
  const findings: Finding[] = [];
  if (upstream.learnedLimit < upstream.limitPerMinute) {
    findings.push({
      code: 'upstream_limit_learned',
      severity: 'notice',
      message: `TaoStats allows about ${upstream.learnedLimit} calls a minute, ${upstream.limitPerMinute} are configured.`,
      evidence: { learned_limit: upstream.learnedLimit, limit_per_minute: upstream.limitPerMinute },
    });
  }
  if (upstream.planGated.length > 0) {
    findings.push({
      code: 'upstream_plan_gated',
      severity: 'notice',
      message: 'The TaoStats plan of this key does not include some endpoints.',
      evidence: { endpoints: upstream.planGated },
    });
  }
  return findings;
}

function isAhead(moment: Date | null, now: Date): boolean {
  return moment !== null && moment > now;
}

function timeOf(moment: Date | null): string {
  return moment === null ? 'an unknown time' : moment.toISOString();
}
