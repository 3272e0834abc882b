import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadSettings, variables } from '../src/config';
import { findShapeProblems } from './support/kubernetes-shapes';
import { ROOT } from './support/source-files';

const K8S = join(ROOT, 'deploy/k8s');
const DIGEST = '0a'.repeat(32);

interface Container {
  image: string;
  command?: string[];
  env?: { name: string; value: string }[];
  ports?: { name: string; containerPort: number }[];
  startupProbe?: { httpGet: { path: string } };
  livenessProbe?: { httpGet: { path: string } };
  readinessProbe?: { httpGet: { path: string } };
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  securityContext: Record<string, unknown>;
}

interface Manifest {
  [field: string]: unknown;
  kind: string;
  metadata: { name: string; labels?: Record<string, string> };
  spec: {
    template: {
      metadata: { labels: Record<string, string> };
      spec: {
        [field: string]: unknown;
        automountServiceAccountToken: boolean;
        terminationGracePeriodSeconds: number;
        securityContext: Record<string, unknown>;
        containers: Container[];
        volumes: Record<string, unknown>[];
      };
    };
    selector: { matchLabels: Record<string, string> };
    podSelector: { matchLabels: Record<string, string> };
  };
  data: Record<string, string>;
  stringData: Record<string, string>;
  resources: string[];
}

function read(path: string): Manifest {
  return parse(readFileSync(join(K8S, path), 'utf8')) as Manifest;
}

const files = [...list(''), ...list('migration/')];

function list(folder: string): string[] {
  return readdirSync(join(K8S, folder))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => folder + name);
}

const deployment = read('deployment.yaml');
const job = read('migration/job.yaml');
const pods = [
  ['the service', deployment.spec.template],
  ['the migration', job.spec.template],
] as const;

describe('the Kubernetes manifests', () => {
  it.each(files)('%s has only fields that its kind has, each of its type', (path) => {
    expect(findShapeProblems(read(path))).toEqual([]);
  });

  it('find a misspelt field and a wrong type', () => {
    const misspelt = structuredClone(deployment);
    Object.assign(misspelt.spec, { replica: 2, revisionHistoryLimit: '5' });
    expect(findShapeProblems(misspelt)).toEqual([
      'apps/v1 Deployment.spec.revisionHistoryLimit: expected number',
      'apps/v1 Deployment.spec.replica: unknown field',
    ]);
  });

  it('are all part of a kustomization, but for the example of a secret', () => {
    const named = [
      ...read('kustomization.yaml').resources,
      ...read('migration/kustomization.yaml').resources.map((name) => `migration/${name}`),
    ];
    const expected = files.filter((path) => !/kustomization|secret\.example/.test(path));
    expect(named.sort()).toEqual(expected.sort());
  });

  it.each(pods)('run %s as the restricted Pod Security Standard demands', (_who, { spec }) => {
    expect(spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 10001,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(spec.automountServiceAccountToken).toBe(false);
    for (const field of ['hostNetwork', 'hostPID', 'hostIPC', 'initContainers']) expect(spec[field]).toBeUndefined();
    for (const { securityContext } of spec.containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
    for (const volume of spec.volumes) {
      expect(Object.keys(volume).filter((key) => key !== 'name')).toEqual([
        expect.stringMatching(/^(secret|emptyDir)$/),
      ]);
    }
  });

  it.each(pods)('bound what %s may use', (_who, { spec }) => {
    for (const { resources } of spec.containers) {
      expect(Object.keys(resources.requests)).toEqual(['cpu', 'memory']);
      expect(Object.keys(resources.limits)).toEqual(['cpu', 'memory']);
    }
  });

  it('probe what the probes are for', () => {
    const [service] = deployment.spec.template.spec.containers;
    expect(
      [service?.startupProbe, service?.livenessProbe, service?.readinessProbe].map((probe) => probe?.httpGet.path),
    ).toEqual(['/startupz', '/livez', '/readyz']);
  });

  it('give the service longer to end than it takes at most', () => {
    const source = readFileSync(join(ROOT, 'src/end-on-signal.ts'), 'utf8');
    const limitMs = Number(/SHUTDOWN_LIMIT_MS = ([\d_]+)/.exec(source)?.[1]?.replace(/_/g, ''));
    expect(deployment.spec.template.spec.terminationGracePeriodSeconds * 1000).toBeGreaterThanOrEqual(limitMs + 5000);
  });

  it('select the pods that they mean', () => {
    const { labels } = deployment.spec.template.metadata;
    const service = read('service.yaml').spec.selector as unknown as Record<string, string>;
    const budget = read('pod-disruption-budget.yaml').spec.selector.matchLabels;
    for (const selector of [deployment.spec.selector.matchLabels, service, budget])
      expect(labels).toMatchObject(selector);
    expect(job.spec.template.metadata.labels).not.toMatchObject(service);
    const policy = read('network-policy.yaml').spec.podSelector.matchLabels;
    for (const [, template] of pods) expect(template.metadata.labels).toMatchObject(policy);
  });

  it('configure nothing that the service does not know, and no secret', () => {
    const known = variables();
    const { data } = read('config-map.yaml');
    const names = [
      ...Object.keys(data),
      ...(job.spec.template.spec.containers[0]?.env ?? []).map((entry) => entry.name),
    ];
    for (const name of names) {
      const variable = known.find((each) => each.name === name.replace(/_FILE$/, ''));
      expect([name, variable?.secret]).toEqual([name, name.endsWith('_FILE')]);
    }
    const secrets = Object.keys(read('secret.example.yaml').stringData);
    const files = Object.entries(data).filter(([name]) => name.endsWith('_FILE'));
    expect(files.map(([, path]) => path.split('/').at(-1)).sort()).toEqual(secrets.sort());
  });

  it('hold a configuration that the service accepts', () => {
    const plain = Object.entries(read('config-map.yaml').data).filter(([name]) => !name.endsWith('_FILE'));
    const { stringData } = read('secret.example.yaml');
    const settings = loadSettings({
      ...Object.fromEntries(plain),
      ...stringData,
      AUTH_TOKENS: `read:${DIGEST}:gateway`,
    });
    expect([settings.host, settings.trustedProxyHops]).toEqual(['0.0.0.0', 1]);
  });

  it('start programs that exist', () => {
    const started = pods.flatMap(([, { spec }]) => spec.containers.flatMap(({ command }) => command?.slice(1) ?? []));
    expect(started).toEqual(['dist/migrate.js']);
    expect(readdirSync(join(ROOT, 'src'))).toContain('migrate.ts');
  });
});

interface ComposeService {
  environment: Record<string, string>;
  ports?: string[];
  healthcheck?: { test: string[] };
  mem_limit?: string;
  pids_limit?: number;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  depends_on?: Record<string, { condition: string }>;
}

describe('docker-compose.yml', () => {
  const { services } = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8')) as {
    services: Record<string, ComposeService>;
  };
  const app = services['app'];

  it.each(Object.entries(services))('checks the health of %s and bounds what it may use', (_name, service) => {
    expect(service.healthcheck?.test.length).toBeGreaterThan(1);
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
    expect(service.pids_limit).toBeGreaterThan(0);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
  });

  it('publishes the service and what watches it on loopback, and nothing else anywhere', () => {
    const published = Object.values(services).flatMap((service) => service.ports ?? []);
    expect(published).toEqual(['127.0.0.1:8050:8050', '127.0.0.1:9090:9090', '127.0.0.1:3000:3000']);
  });

  it('runs the service on a read-only root without capabilities, once PostgreSQL and Redis are healthy', () => {
    expect(app).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    expect(Object.values(app?.depends_on ?? {}).map((each) => each.condition)).toEqual([
      'service_healthy',
      'service_healthy',
    ]);
  });

  it('refuses to start without a key or without tokens, and says what to do', () => {
    for (const name of ['TAOSTATS_API_KEY', 'AUTH_TOKENS']) {
      expect(app?.environment[name]).toMatch(new RegExp(`^\\$\\{${name}:\\?.+\\}$`));
    }
  });

  it('sets only variables that the service knows', () => {
    const known = new Set(variables().map((variable) => variable.name));
    expect(Object.keys(app?.environment ?? {}).filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('the Dockerfile', () => {
  const text = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
  const last = text.slice(text.lastIndexOf('\nFROM '));

  it('ends in a stage without tools, as a user who is not root, with a health check', () => {
    expect(text.match(/^FROM /gm)?.length).toBeGreaterThan(1);
    expect(last).toMatch(/^USER 10001:10001$/m);
    expect(last).toMatch(/^HEALTHCHECK /m);
    expect(last).not.toMatch(/npm (ci|install)/);
  });

  it('copies only what .dockerignore lets through', () => {
    const allowed: string[] = readFileSync(join(ROOT, '.dockerignore'), 'utf8').match(/(?<=^!).+$/gm) ?? [];
    const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) => sources.split(' '));
    expect(copied.filter((source) => !allowed.includes(source))).toEqual([]);
  });
});
