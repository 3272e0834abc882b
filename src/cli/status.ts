import { exitCodeOf, type ExitCode } from './exit';
import type { ServiceClient } from './service-client';
import { duration, plain, table } from './terminal';

interface Health {
  status: string;
  summary: string;
  trust: string;
  data_stale: boolean;
  simulated: boolean;
  version: string;
  uptime_seconds: number;
  issues: number;
  mode: Record<string, string>;
  reconciliation: { enabled: boolean; last_verdict: string | null; last_finished_at: string | null };
  generated_at: string;
  components: Record<string, { status: string; message?: unknown }>;
}

interface StandingIssue {
  code: string;
  severity: string;
  subject: string | null;
  message: string;
  since: string;
  runbook: string;
}

interface TrustPack {
  generated_at: string;
  simulated: boolean;
  datasets: Record<
    string,
    {
      state: string;
      trust: string;
      age_seconds: number | null;
      record_count: number | null;
      critical_seconds: number;
      next_due_at: string;
    }
  >;
  upstream: {
    limit_per_minute: number | null;
    learned_limit: number | null;
    used_in_window: number | null;
    resumes_in_seconds: number | null;
  };
  overall_health: {
    status: string;
    trust: string;
    summary: string;
    issues: StandingIssue[];
    notices: StandingIssue[];
  };
}

/** What a command has to say: for people, for programs, and as an exit code. */
export interface Report {
  text: string;
  json: unknown;
  exitCode: ExitCode;
}

/** Health in short. A service without its database answers 503 with the same body. */
export async function readStatus(service: ServiceClient): Promise<Report> {
  const health = await service.json<Health>('/api/v1/health', { alsoAnswers: [503] });
  const components = Object.entries(health.components).map(([name, { status, message }]) => [
    name,
    status,
    typeof message === 'string' ? message : '',
  ]);
  const mode = Object.entries(health.mode).map(([part, kind]) => `${part} ${kind}`);
  const lines = [
    `${health.status}: ${plain(health.summary)}`,
    ...(health.simulated ? ['The data is simulated.'] : []),
    '',
    `service  ${plain(health.version)} at ${service.url}, up for ${duration(health.uptime_seconds)}`,
    `mode     ${plain(mode.join(', '))}`,
    `trust    ${plain(health.trust)}${health.data_stale ? ', the data is stale' : ''}`,
    `checked  ${plain(reconciliationLine(health))}`,
    '',
    table(['component', 'state', ''], components),
    ...(health.issues === 0 ? [] : ['', '`tao-treasury trust` lists the issues.']),
  ];
  return { text: lines.join('\n'), json: health, exitCode: exitCodeOf(health.status) };
}

function reconciliationLine({ reconciliation, generated_at }: Health): string {
  const { enabled, last_verdict: verdict, last_finished_at: at } = reconciliation;
  if (verdict === null || at === null) return enabled ? 'no reconciliation has ended yet' : 'reconciliation is off';
  return `reconciliation: ${verdict}, ${duration((Date.parse(generated_at) - Date.parse(at)) / 1000)} ago`;
}

/** Every dataset with its age and trust, and every issue with its runbook section. */
export async function readTrust(service: ServiceClient): Promise<Report> {
  const pack = await service.json<TrustPack>('/api/v1/trust-pack');
  const { status, summary, trust, issues, notices } = pack.overall_health;
  const generatedAtMs = Date.parse(pack.generated_at);
  const datasets = Object.entries(pack.datasets).map(([name, dataset]) => [
    name,
    dataset.state,
    dataset.trust,
    duration(dataset.age_seconds),
    duration(dataset.critical_seconds),
    dataset.record_count === null ? '–' : String(dataset.record_count),
    nextRun((Date.parse(dataset.next_due_at) - generatedAtMs) / 1000),
  ]);
  const lines = [
    `${status} (trust ${plain(trust)}): ${plain(summary)}`,
    ...(pack.simulated ? ['The data is simulated.'] : []),
    budgetLine(pack.upstream),
    '',
    table(['dataset', 'state', 'trust', 'age', 'critical at', 'rows', 'next run'], datasets),
    ...[...issues, ...notices].flatMap((issue) => [
      '',
      `${issue.severity} ${plain(issue.code)} since ${plain(issue.since)}`,
      `  ${plain(issue.message)}`,
      `  ${plain(issue.runbook)}`,
    ]),
  ];
  return { text: lines.join('\n'), json: pack, exitCode: exitCodeOf(status) };
}

function nextRun(seconds: number): string {
  return seconds <= 0 ? 'now' : `in ${duration(seconds)}`;
}

function budgetLine(upstream: TrustPack['upstream']): string {
  const { limit_per_minute: configured, learned_limit: learned, used_in_window: used } = upstream;
  if (configured === null) return 'TaoStats has not been asked yet.';
  const pause = upstream.resumes_in_seconds === null ? '' : `; paused for ${duration(upstream.resumes_in_seconds)}`;
  const seen = learned !== null && learned < configured ? `, about ${learned} seen to be allowed` : '';
  return `TaoStats: ${used ?? 0} of ${configured} calls used in this minute${seen}${pause}`;
}
