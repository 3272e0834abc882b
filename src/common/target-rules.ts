import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Why an address that an operator named is not spoken to. Stable: shown in logs of deliveries and by `doctor`. */
export const TARGET_RULES = {
  'target/not-https': 'plain http is permitted to private addresses only, with ALERT_ALLOW_PRIVATE_TARGETS',
  'target/loopback-address': 'it is this machine itself, which ALERT_ALLOW_PRIVATE_TARGETS would permit',
  'target/private-address': 'it is in a private network, which ALERT_ALLOW_PRIVATE_TARGETS would permit',
  'target/link-local-address': 'it is a link-local address, which nothing permits',
  'target/metadata-address': 'it is where clouds serve the credentials of their machines, which nothing permits',
  'target/reserved-address': 'it is no public address, and nothing permits it',
} as const;
export type TargetRule = keyof typeof TARGET_RULES;

export interface TargetPolicy {
  /** Loopback and private networks are permitted, over plain http too. */
  allowPrivate: boolean;
}

/** Services of clouds that hand out credentials, whatever range they are in. */
const METADATA = new Set(['169.254.169.254', 'fd00:ec2::254', '100.100.100.200', '192.0.0.192', '168.63.129.16']);
const RULE_OF_RANGE: Readonly<Record<string, TargetRule>> = {
  loopback: 'target/loopback-address',
  private: 'target/private-address',
  carrierGradeNat: 'target/private-address',
  uniqueLocal: 'target/private-address',
  linkLocal: 'target/link-local-address',
};
/** All that is given out for hosts on the internet; what lies outside reaches something nearer, or nothing. */
const GLOBAL_UNICAST = ipaddr.IPv6.parse('2000::');
const PERMITTED_WITH_PRIVATE = new Set<TargetRule>(['target/loopback-address', 'target/private-address']);

/**
 * The rule that forbids speaking to `address` on behalf of `url`; null when none does. Pure. IPv4 inside IPv6 (mapped, or
 * translated by NAT64) is judged as the IPv4 address that is reached.
 */
export function refusalOf(url: URL, address: string, { allowPrivate }: TargetPolicy): TargetRule | null {
  const range = ruleOf(address);
  const isNear = range !== null && PERMITTED_WITH_PRIVATE.has(range);
  if (range !== null && !(isNear && allowPrivate)) return range;
  return url.protocol === 'https:' || isNear ? null : 'target/not-https';
}

/** What the name stands for now: the first address that is refused decides. Rejects when the name does not resolve. */
export async function examineTarget(
  url: URL,
  policy: TargetPolicy,
  resolve: (name: string) => Promise<readonly { address: string }[]> = resolveAll,
): Promise<TargetRule | null> {
  const literal = literalAddress(url);
  const addresses = literal === null ? await resolve(url.hostname) : [{ address: literal }];
  return addresses.map(({ address }) => refusalOf(url, address, policy)).find((rule) => rule !== null) ?? null;
}

/** The address that a URL names without any name; null for a name. `URL` has made `0x7f.1` and the like 127.0.0.1 by then. */
export function literalAddress({ hostname }: URL): string | null {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? null : bare;
}

function resolveAll(name: string): Promise<{ address: string }[]> {
  return lookup(name, { all: true });
}

function ruleOf(text: string): TargetRule | null {
  if (!ipaddr.isValid(text)) return 'target/reserved-address';
  const address = reached(ipaddr.parse(text));
  if (METADATA.has(address.toString())) return 'target/metadata-address';
  const range = address.range();
  if (range !== 'unicast') return RULE_OF_RANGE[range] ?? 'target/reserved-address';
  return address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST, 3) ? null : 'target/reserved-address';
}

/** The IPv4 address that an IPv6 one leads to: mapped (::ffff:a.b.c.d) or through NAT64 (64:ff9b::a.b.c.d). */
function reached(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (address.kind() === 'ipv4') return address;
  const six = address as ipaddr.IPv6;
  if (six.isIPv4MappedAddress()) return six.toIPv4Address();
  if (!six.match(ipaddr.IPv6.parse('64:ff9b::'), 96)) return six;
  return new ipaddr.IPv4(six.toByteArray().slice(12));
}
