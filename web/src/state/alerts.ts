import { signal } from '@preact/signals';
import type { Alert, AlertsAnswer, Channel, Delivery } from '../api/alerts';
import { fetchJson, ProblemError } from '../api/fetch-json';

export interface Alerting extends AlertsAnswer {
  channels: Channel[];
  deliveries: Delivery[];
}

/** Null until it was read once. */
export const alerting = signal<Alerting | null>(null);
/** What became of the last thing that was asked for here. */
export const alertOutcome = signal<string | null>(null);

const PATH = '/api/v1/alerts';
const DELIVERIES_SHOWN = 20;

/** Reads all of it; what is shown stays when that fails, because `loadPack` is the one to say so. */
export async function loadAlerts(): Promise<void> {
  try {
    const [alerts, channels, deliveries] = await Promise.all([
      fetchJson<AlertsAnswer>(PATH),
      fetchJson<{ data: Channel[] }>(`${PATH}/channels`),
      fetchJson<{ data: Delivery[] }>(`${PATH}/deliveries?limit=${DELIVERIES_SHOWN}`),
    ]);
    alerting.value = { ...alerts, channels: channels.data, deliveries: deliveries.data };
  } catch {
    // As said above.
  }
}

export function muteAlerts(alerts: readonly Alert[], minutes: number): Promise<void> {
  return change(() => each(alerts, { method: 'POST', ...bodyOf({ minutes }) }));
}

export function unmuteAlerts(alerts: readonly Alert[]): Promise<void> {
  return change(() => each(alerts, { method: 'DELETE' }));
}

/** Sends a test at once; what came of it is said in words. */
export async function testChannel(name: string): Promise<void> {
  alertOutcome.value = `${name}: sending…`;
  await change(async () => {
    const path = `${PATH}/channels/${encodeURIComponent(name)}/test`;
    const { message } = await fetchJson<{ message: string }>(path, { method: 'POST', ...bodyOf({}) });
    return `${name}: ${message}`;
  });
}

async function each(alerts: readonly Alert[], init: RequestInit): Promise<null> {
  await Promise.all(alerts.map(({ key }) => fetchJson(`${PATH}/${encodeURIComponent(key)}/mute`, init)));
  return null;
}

function bodyOf(body: object): RequestInit {
  return { body: JSON.stringify(body), headers: { accept: 'application/json', 'content-type': 'application/json' } };
}

async function change(ask: () => Promise<string | null>): Promise<void> {
  try {
    alertOutcome.value = await ask();
  } catch (error) {
    alertOutcome.value = `Not accepted: ${error instanceof ProblemError ? error.message : 'the service does not answer'}`;
  }
  await loadAlerts();
}
