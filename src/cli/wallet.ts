import { EXIT } from './exit';
import type { ServiceClient } from './service-client';
import type { Report } from './status';
import { plain, table } from './terminal';

interface Wallet {
  address: string;
  label: string | null;
  active: boolean;
  origin: string;
  datasets: Record<string, { state: string; as_of: string | null }>;
}

/** The wallets that are followed. */
export async function listWallets(service: ServiceClient): Promise<Report> {
  const answer = await service.json<{ data: Wallet[] }>('/api/v1/wallets');
  const rows = answer.data.map((wallet) => [
    wallet.address,
    wallet.label ?? '',
    wallet.active ? (wallet.datasets['positions']?.state ?? 'unknown') : 'paused',
    wallet.datasets['positions']?.as_of ?? '–',
    wallet.origin,
  ]);
  const none = 'No wallet is followed: `tao-treasury wallet add <address>` adds one.';
  const text = rows.length === 0 ? none : table(['address', 'label', 'state', 'as of', 'from'], rows);
  return { text, json: answer, exitCode: EXIT.ok };
}

/** Follows a wallet. A mistyped address is refused by its checksum. */
export async function addWallet(service: ServiceClient, address: string, label: string | undefined): Promise<Report> {
  const body = { address, ...(label === undefined ? {} : { label }) };
  const answer = await service.json<{ data: Wallet }>('/api/v1/wallets', { method: 'POST', body });
  const name = answer.data.label === null ? '' : ` (${plain(answer.data.label)})`;
  return { text: `${plain(answer.data.address)}${name} is followed.`, json: answer, exitCode: EXIT.ok };
}

/** Stops following a wallet; what is known of it stays. */
export async function removeWallet(service: ServiceClient, address: string): Promise<Report> {
  await service.json(`/api/v1/wallets/${encodeURIComponent(address)}`, { method: 'DELETE' });
  const text = `${plain(address)} is no longer followed. What is known of it stays.`;
  return { text, json: { address, followed: false }, exitCode: EXIT.ok };
}
