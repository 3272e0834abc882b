import { signal } from '@preact/signals';
import type { AlertsAnswer, Channel, Delivery } from '../api/alerts';
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

export function muteAlert(key: string, minutes: number): Promise<void> {
  return change(`${PATH}/${encodeURIComponent(key)}/mute`, 'POST', { minutes });
}

export function unmuteAlert(key: string): Promise<void> {
  return change(`${PATH}/${encodeURIComponent(key)}/mute`, 'DELETE');
}

/** Sends a test at once; what came of it is said in words. */
export async function testChannel(name: string): Promise<void> {
  alertOutcome.value = `${name}: sending…`;
  await change(`${PATH}/channels/${encodeURIComponent(name)}/test`, 'POST', {}, (text) => `${name}: ${text}`);
}

async function change(
  path: string,
  method: 'POST' | 'DELETE',
  body?: object,
  outcome: (text: string) => string | null = () => null,
): Promise<void> {
  const sent =
    body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { accept: 'application/json', 'content-type': 'application/json' } };
  try {
    const answer = await fetchJson<{ message?: string }>(path, { method, ...sent });
    alertOutcome.value = outcome(answer.message ?? '');
  } catch (error) {
    alertOutcome.value = `Not accepted: ${error instanceof ProblemError ? error.message : 'the service does not answer'}`;
  }
  await loadAlerts();
}
