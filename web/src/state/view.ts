import { effect, signal } from '@preact/signals';
import { store, stored } from './storage';

export const TABS = ['trust', 'treasury'] as const;
export type Tab = (typeof TABS)[number];

export const tab = signal<Tab>(tabOf(location.hash));
export const helpOpen = signal(false);
/** Amounts are hidden, so that the screen can be shared. */
export const quiet = signal(stored('quiet') === 'yes');

/** `#trust/pools`: a tab, and what is open in it. */
function tabOf(hash: string): Tab {
  return TABS.find((name) => hash === `#${name}` || hash.startsWith(`#${name}/`)) ?? 'trust';
}

export function startView(): void {
  addEventListener('hashchange', () => {
    tab.value = tabOf(location.hash);
  });
  effect(() => {
    document.title = `${tab.value === 'trust' ? 'Trust' : 'Treasury'} · TAO Treasury`;
  });
  effect(() => {
    document.documentElement.dataset['quiet'] = quiet.value ? 'yes' : 'no';
    store('quiet', quiet.value ? 'yes' : 'no');
  });
  addEventListener('keydown', onKey);
}

/** `g` waits for the tab's letter; anything else ends the wait. */
let going = false;

function onKey(event: KeyboardEvent): void {
  const target = event.target as HTMLElement | null;
  if (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    target?.closest('input:not([type=checkbox]), select, textarea') != null
  )
    return;
  const action = going ? GOING[event.key] : KEYS[event.key];
  going = !going && event.key === 'g';
  if (action === undefined) return;
  event.preventDefault();
  action();
}

const GOING: Readonly<Record<string, () => void>> = {
  t: () => (location.hash = '#trust'),
  p: () => (location.hash = '#treasury'),
};

const KEYS: Readonly<Record<string, () => void>> = {
  '/': () => document.querySelector<HTMLElement>('[data-find]')?.focus(),
  '?': () => (helpOpen.value = true),
  '.': () => (quiet.value = !quiet.value),
};
