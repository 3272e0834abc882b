import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { AlertGauges } from '../src/alerts/alert-gauges';
import { TREASURY_CODES } from '../src/alerts/alert-finding';
import { TreasuryGauges } from '../src/alerts/treasury-gauges';
import { SystemClock } from '../src/common';
import { RUNBOOK_SECTIONS, runbookOf, type IssueCode } from '../src/health/issue';
import { TrustGauges } from '../src/health/trust-gauges';
import { EventLoopLag, PrometheusMetrics } from '../src/metrics';
import { ROOT } from './support/source-files';
import { testSettings } from './support/test-settings';

const FOLDER = join(ROOT, 'deploy/observability');

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; runbook_url: string };
}

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
}

const alerts = parse(readFileSync(join(FOLDER, 'alerts.yml'), 'utf8')) as { groups: { rules: Rule[] }[] };
const rules = alerts.groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(readFileSync(join(FOLDER, 'grafana/dashboards/tao-treasury.json'), 'utf8')) as Dashboard;
const runbook = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8');

/** Headings as GitHub makes anchors of them, each with the text up to the next one. */
const sections = new Map(
  runbook
    .split(/^##+ /m)
    .slice(1)
    .map((text) => {
      const [title = '', ...body] = text.split('\n');
      const anchor = title
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-');
      return [anchor, body.join('\n').trim()] as const;
    }),
);

/** Every series that the app exposes: histograms have three names. */
async function exposedNames(): Promise<Set<string>> {
  const prometheus = new PrometheusMetrics(testSettings(), new EventLoopLag(new SystemClock()));
  new TrustGauges(prometheus);
  new TreasuryGauges(prometheus);
  new AlertGauges(prometheus);
  const metrics = await prometheus.registry.getMetricsAsJSON();
  return new Set(
    metrics.flatMap(({ name, type }) =>
      String(type) === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
}

/** Names of series in an expression: words that begin as ours or as the process's do. */
function namesIn(expression: string): string[] {
  return expression.replace(/"[^"]*"/g, '""').match(/\b(?:tao|process|nodejs)_\w+/g) ?? [];
}

describe('the alert rules and the dashboard', () => {
  it.each([
    ...rules.map(({ alert, expr }) => [alert, [expr]] as const),
    ...dashboard.panels.map(({ title, targets }) => [title, targets.map(({ expr }) => expr)] as const),
  ])('%s uses series that the app exposes', async (_name, expressions) => {
    const exposed = await exposedNames();
    const used = expressions.flatMap(namesIn);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((name) => !exposed.has(name))).toEqual([]);
  });

  it.each(rules)('$alert has a severity, a summary and a heading of its own in the runbook', (rule) => {
    expect(['warning', 'critical']).toContain(rule.labels.severity);
    expect(rule.annotations.summary).not.toBe('');
    expect(rule.annotations.runbook_url).toBe(`docs/runbook.md#${rule.alert.toLowerCase()}`);
    expect(sections.get(rule.alert.toLowerCase())).toBeTruthy();
  });

  it.each(Object.keys(RUNBOOK_SECTIONS) as IssueCode[])(
    'issue %s has its heading, which leads to its section',
    (code) => {
      const [, anchor = ''] = runbookOf(code).split('#');
      expect(sections.get(anchor)).toContain(`(#${RUNBOOK_SECTIONS[code]})`);
      expect([...sections.keys()]).toContain(RUNBOOK_SECTIONS[code]);
    },
  );

  it.each(TREASURY_CODES)('alert %s has its heading, which leads to a section', (code) => {
    expect(sections.get(code)).toContain('(#the-treasury)');
  });

  it('lead nowhere that does not exist', () => {
    const targets = [...runbook.matchAll(/\]\(#([^)]+)\)/g)].map((match) => match[1] ?? '');
    expect(targets.filter((target) => !sections.has(target))).toEqual([]);
  });

  it('are mounted by the observability profile from files that exist', () => {
    const compose = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8')) as {
      services: Record<string, { profiles?: string[]; volumes?: string[] }>;
    };
    for (const name of ['prometheus', 'grafana']) {
      expect(compose.services[name]?.profiles).toEqual(['observability']);
      const mounted = (compose.services[name]?.volumes ?? []).filter((volume) => volume.startsWith('./'));
      expect(mounted.filter((volume) => !existsSync(join(ROOT, volume.split(':')[0] ?? '')))).toEqual([]);
    }
  });
});

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
if (!hasPromtool)
  console.info('skipped: promtool (Debian package prometheus) is not on the PATH, the rules are not run');

describe('promtool', () => {
  if (hasPromtool) {
    it.each(['check rules alerts.yml', 'test rules alerts.test.yml'])('is content with %s', (words) => {
      expect(execFileSync('promtool', words.split(' '), { cwd: FOLDER, encoding: 'utf8' })).toContain('SUCCESS');
    });

    it('is content with prometheus.yml, once its paths in the container are those of this repository', () => {
      const folder = mkdtempSync(join(tmpdir(), 'treasury-prometheus-'));
      try {
        writeFileSync(join(folder, 'metrics_token'), 'token');
        const configuration = readFileSync(join(FOLDER, 'prometheus.yml'), 'utf8')
          .replace('/etc/prometheus/', `${FOLDER}/`)
          .replace('/run/secrets/', `${folder}/`);
        writeFileSync(join(folder, 'prometheus.yml'), configuration);
        const words = ['check', 'config', join(folder, 'prometheus.yml')];
        const report = execFileSync('promtool', words, { encoding: 'utf8' });
        expect(report).toContain('is valid prometheus config file syntax');
        expect(report).toContain(`${rules.length} rules found`);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }

  it('has a test for every rule', () => {
    const tested = readFileSync(join(FOLDER, 'alerts.test.yml'), 'utf8');
    expect(rules.filter(({ alert }) => !new RegExp(`alertname: ${alert}\\n`).test(tested))).toEqual([]);
  });
});
