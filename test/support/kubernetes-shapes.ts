/**
 * The fields of the Kubernetes API (v1.32) that our manifests use, as a tree: a leaf is the JSON type of its value, `[x]` a
 * list of x, `map` an object with free keys and text values. The API server drops or refuses what is not in its schema, so
 * a misspelt `readnessProbe` would be a pod without a probe.
 */
export type Shape = 'string' | 'number' | 'boolean' | 'map' | 'stringOrNumber' | readonly [Shape] | ShapeFields;
export interface ShapeFields {
  readonly [field: string]: Shape;
}

const METADATA: Shape = { name: 'string', namespace: 'string', labels: 'map', annotations: 'map' };
const SELECTOR: Shape = { matchLabels: 'map' };
const PROBE: Shape = {
  httpGet: { path: 'string', port: 'stringOrNumber', scheme: 'string' },
  initialDelaySeconds: 'number',
  periodSeconds: 'number',
  timeoutSeconds: 'number',
  successThreshold: 'number',
  failureThreshold: 'number',
};
const CONTAINER: Shape = {
  name: 'string',
  image: 'string',
  imagePullPolicy: 'string',
  command: ['string'],
  args: ['string'],
  env: [{ name: 'string', value: 'string' }],
  envFrom: [{ configMapRef: { name: 'string' } }],
  ports: [{ name: 'string', containerPort: 'number', protocol: 'string' }],
  startupProbe: PROBE,
  livenessProbe: PROBE,
  readinessProbe: PROBE,
  lifecycle: { preStop: { exec: { command: ['string'] } } },
  resources: { requests: { cpu: 'string', memory: 'string' }, limits: { cpu: 'string', memory: 'string' } },
  securityContext: {
    allowPrivilegeEscalation: 'boolean',
    readOnlyRootFilesystem: 'boolean',
    runAsNonRoot: 'boolean',
    capabilities: { drop: ['string'], add: ['string'] },
  },
  volumeMounts: [{ name: 'string', mountPath: 'string', readOnly: 'boolean' }],
};
const POD: Shape = {
  serviceAccountName: 'string',
  automountServiceAccountToken: 'boolean',
  enableServiceLinks: 'boolean',
  terminationGracePeriodSeconds: 'number',
  restartPolicy: 'string',
  securityContext: {
    runAsNonRoot: 'boolean',
    runAsUser: 'number',
    runAsGroup: 'number',
    fsGroup: 'number',
    seccompProfile: { type: 'string' },
  },
  topologySpreadConstraints: [
    { maxSkew: 'number', topologyKey: 'string', whenUnsatisfiable: 'string', labelSelector: SELECTOR },
  ],
  containers: [CONTAINER],
  volumes: [
    {
      name: 'string',
      secret: { secretName: 'string', defaultMode: 'number', items: [{ key: 'string', path: 'string' }] },
      emptyDir: { medium: 'string', sizeLimit: 'string' },
    },
  ],
};
const TEMPLATE: Shape = { metadata: METADATA, spec: POD };
const PEER: Shape = {
  namespaceSelector: SELECTOR,
  podSelector: SELECTOR,
  ipBlock: { cidr: 'string', except: ['string'] },
};
const POLICY_PORT: Shape = { port: 'stringOrNumber', protocol: 'string' };

/** By `apiVersion kind`: what stands beside apiVersion, kind and metadata. */
const KINDS: Readonly<Record<string, ShapeFields>> = {
  'v1 Namespace': {},
  'v1 ServiceAccount': { automountServiceAccountToken: 'boolean' },
  'v1 ConfigMap': { data: 'map' },
  'v1 Secret': { type: 'string', stringData: 'map' },
  'v1 Service': {
    spec: {
      type: 'string',
      selector: 'map',
      ports: [{ name: 'string', port: 'number', targetPort: 'stringOrNumber', protocol: 'string' }],
    },
  },
  'apps/v1 Deployment': {
    spec: {
      replicas: 'number',
      revisionHistoryLimit: 'number',
      strategy: { type: 'string', rollingUpdate: { maxSurge: 'stringOrNumber', maxUnavailable: 'stringOrNumber' } },
      selector: SELECTOR,
      template: TEMPLATE,
    },
  },
  'batch/v1 Job': {
    spec: {
      backoffLimit: 'number',
      activeDeadlineSeconds: 'number',
      ttlSecondsAfterFinished: 'number',
      template: TEMPLATE,
    },
  },
  'policy/v1 PodDisruptionBudget': {
    spec: { minAvailable: 'stringOrNumber', unhealthyPodEvictionPolicy: 'string', selector: SELECTOR },
  },
  'networking.k8s.io/v1 NetworkPolicy': {
    spec: {
      podSelector: SELECTOR,
      policyTypes: ['string'],
      ingress: [{ from: [PEER], ports: [POLICY_PORT] }],
      egress: [{ to: [PEER], ports: [POLICY_PORT] }],
    },
  },
  'kustomize.config.k8s.io/v1beta1 Kustomization': {
    namespace: 'string',
    resources: ['string'],
    images: [{ name: 'string', newName: 'string', newTag: 'string' }],
  },
};

/** Every field of `manifest` that its kind does not have, or not with that type; none when it conforms. */
export function findShapeProblems(manifest: Record<string, unknown>): string[] {
  const kind = `${String(manifest['apiVersion'])} ${String(manifest['kind'])}`;
  const fields = KINDS[kind];
  if (fields === undefined) return [`unknown kind ${kind}`];
  return problemsAt(manifest, { apiVersion: 'string', kind: 'string', metadata: METADATA, ...fields }, kind);
}

function problemsAt(value: unknown, shape: Shape, path: string): string[] {
  if (typeof shape === 'string') return conforms(value, shape) ? [] : [`${path}: expected ${shape}`];
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return [`${path}: expected a list`];
    return value.flatMap((entry, index) => problemsAt(entry, (shape as readonly [Shape])[0], `${path}[${index}]`));
  }
  if (!isObject(value)) return [`${path}: expected an object`];
  return Object.entries(value).flatMap(([field, entry]) => {
    const known = (shape as ShapeFields)[field];
    return known === undefined ? [`${path}.${field}: unknown field`] : problemsAt(entry, known, `${path}.${field}`);
  });
}

function conforms(value: unknown, shape: string): boolean {
  if (shape === 'map') return isObject(value) && Object.values(value).every((entry) => typeof entry === 'string');
  if (shape === 'stringOrNumber') return typeof value === 'string' || typeof value === 'number';
  return typeof value === shape;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
