import type { ComponentChildren } from 'preact';
import { clockText, spanText } from '../format/time';
import { ageSeconds, nowMs } from '../state/clock';

interface PanelProps {
  id: string;
  title: string;
  /** When the figures of this panel were taken. */
  asOf?: string | null | undefined;
  /** Controls at the right of the title. */
  tools?: ComponentChildren;
  class?: string;
  children: ComponentChildren;
}

/** A titled part of the page that says how old it is. */
export function Panel({ id, title, asOf, tools, class: extra = '', children }: PanelProps) {
  return (
    <section class={`panel ${extra}`} aria-labelledby={`${id}-title`}>
      <header>
        <h2 id={`${id}-title`}>{title}</h2>
        {tools}
        <Age asOf={asOf ?? null} />
      </header>
      {children}
    </section>
  );
}

/** `12 s old`, with the moment itself on hover. */
export function Age({ asOf }: { asOf: string | null }) {
  if (asOf === null) return null;
  return (
    <span class="age" title={clockText(asOf, nowMs.value)}>
      {spanText(ageSeconds(asOf) ?? 0)} old
    </span>
  );
}
