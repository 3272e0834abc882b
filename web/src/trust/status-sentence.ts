import type { DatasetView, TrustPack } from '../api/trust-pack';
import { nameText } from '../format/figure';

/** How much a thing wants of the reader: `act` is for people, all others end by themselves or are fine. */
export type Tone = 'ok' | 'info' | 'warn' | 'act' | 'none';

export interface StatusSentence {
  tone: Tone;
  verdict: string;
  sentence: string;
  /** What that means for somebody who wants to use the figures. */
  consequence: string;
}

/** The state of everything in words. Holds no running number, so that a screen reader is told only what changed. */
export function statusSentence(pack: TrustPack): StatusSentence {
  const names = Object.keys(pack.datasets);
  if (pack.upstream.key_state === 'rejected') return KEY_REJECTED;
  if (!pack.database.reachable) return DATABASE_DOWN;
  const core = names.filter((name) => pack.datasets[name]?.is_core === true);
  if (core.every((name) => pack.datasets[name]?.last_success_at === null)) return firstRun(pack, core);
  const { issues } = pack.overall_health;
  const parts = [...datasetParts(pack), ...upstreamParts(pack)];
  if (issues.length === 0) return healthy(names.length, parts);
  const mustAct = issues.some((issue) => issue.severity === 'critical');
  return {
    tone: mustAct ? 'act' : 'warn',
    verdict: pack.overall_health.status === 'critical' ? 'Critical' : 'Degraded',
    sentence: sentenceOf(
      parts.length > 0 ? parts : issues.slice(0, 2).map((issue) => issue.message.replace(/\.$/, '')),
    ),
    consequence: consequenceOf(pack),
  };
}

const KEY_REJECTED: StatusSentence = {
  tone: 'act',
  verdict: 'Action required',
  sentence: 'TaoStats refuses the key.',
  consequence: 'Check TAOSTATS_API_KEY and restart. The figures below stay as they were and grow older.',
};

const DATABASE_DOWN: StatusSentence = {
  tone: 'act',
  verdict: 'Critical',
  sentence: 'PostgreSQL does not answer.',
  consequence: 'The figures below are the last that were read; nothing is synced until it is back.',
};

function firstRun(pack: TrustPack, names: string[]): StatusSentence {
  const failing = names.filter((name) => (pack.datasets[name]?.consecutive_failures ?? 0) > 0);
  if (failing.length > 0) {
    return {
      tone: 'warn',
      verdict: 'No data yet',
      sentence: `The first sync of ${listText(failing)} failed and is tried again.`,
      consequence: 'Nothing is known yet, so nothing is shown. The recent errors below say why.',
    };
  }
  return {
    tone: 'info',
    verdict: 'First start',
    sentence: 'The first sync is on its way.',
    consequence:
      'Nothing is known yet, so nothing is shown. Each dataset appears here once its first answer is stored.',
  };
}

function healthy(count: number, parts: string[]): StatusSentence {
  return {
    tone: parts.length > 0 ? 'info' : 'ok',
    verdict: 'Healthy',
    sentence: sentenceOf([count === 1 ? 'the one dataset is on time' : `all ${count} datasets are fresh`, ...parts]),
    consequence: 'Safe to read.',
  };
}

function datasetParts(pack: TrustPack): string[] {
  const having = (accept: (name: string) => boolean): string[] => Object.keys(pack.datasets).filter(accept);
  const level = (wanted: string): string[] => having((name) => pack.datasets[name]?.level === wanted);
  const parts: [string[], string][] = [
    [level('critical'), 'critically old'],
    [level('warning').filter((name) => pack.datasets[name]?.protected_since === null), 'late'],
    [level('unknown'), 'not synced yet'],
    [having((name) => isKept(pack.datasets[name])), 'protected from a bad answer'],
    [having((name) => pack.datasets[name]?.has_drift === true), 'in disagreement with a second reading'],
    [
      having((name) => {
        const dataset = pack.datasets[name];
        return dataset?.level === 'fresh' && dataset.protected_since === null && dataset.consecutive_failures > 0;
      }),
      'fresh, but failing to sync',
    ],
  ];
  return parts
    .filter(([names]) => names.length > 0)
    .map(([names, words]) => `${listText(names, false)} ${isPlural(names) ? 'are' : 'is'} ${words}`);
}

function isPlural(names: readonly string[]): boolean {
  return names.length > 1 || names[0]?.endsWith('s') === true;
}

function upstreamParts(pack: TrustPack): string[] {
  const { upstream } = pack;
  const parts: string[] = [];
  if (upstream.quota_exhausted_until !== null) parts.push('the TaoStats credits are used up');
  if (upstream.paused) parts.push('TaoStats asked us to wait and calls resume by themselves');
  if (upstream.breakers.some((breaker) => breaker.state !== 'closed'))
    parts.push('TaoStats fails and is left alone for a while');
  return parts;
}

function consequenceOf(pack: TrustPack): string {
  const datasets = Object.entries(pack.datasets);
  const kept = datasets.filter(([, dataset]) => isKept(dataset)).map(([name]) => name);
  const unsafe = datasets.some(([, dataset]) => dataset.level === 'critical' || dataset.level === 'unknown');
  const reading = unsafe ? 'Read with care, do not trade on it.' : 'Safe to read.';
  if (kept.length === 0) return reading;
  const stand = isPlural(kept) ? 'stand' : 'stands';
  return `${reading} Nothing was lost: the last good ${listText(kept, false)} ${stand}.`;
}

/** An answer was refused, and there are rows that stand instead of it. */
function isKept(dataset: DatasetView | undefined): boolean {
  return dataset !== undefined && dataset.protected_since !== null && dataset.last_success_at !== null;
}

function listText(names: string[], capital = true): string {
  const words = names
    .slice(0, 3)
    .map(nameText)
    .map((words) => (capital ? words : words.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())));
  if (names.length > 3) return `${words.slice(0, 2).join(', ')} and ${names.length - 2} more`;
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function sentenceOf(parts: string[]): string {
  const text = parts.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
