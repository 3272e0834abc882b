import type { TrustPack } from '../api/trust-pack';
import { Chip } from '../parts/chip';
import { Panel } from '../parts/panel';
import { FLAGS } from './flags';

/** Feature flags; those that are not at their default are marked. */
export function FlagsPanel({ pack }: { pack: TrustPack }) {
  const flags = Object.entries(pack.feature_flags);
  const changed = flags.filter(([name, on]) => FLAGS[name] !== undefined && FLAGS[name].on !== on);
  return (
    <Panel id="flags" title="Flags" asOf={pack.generated_at}>
      <p class="remark">
        {flags.length} flags,{' '}
        {changed.length === 0 ? 'all at their defaults' : `${changed.length} changed from the default`}
      </p>
      <ul class="flags">
        {flags.map(([name, on]) => (
          <li key={name}>
            <span>
              {FLAGS[name]?.purpose ?? name}
              <small>{name.toUpperCase()}</small>
            </span>
            {FLAGS[name]?.on !== on && FLAGS[name] !== undefined ? (
              <Chip tone="info">{on ? 'on, changed' : 'off, changed'}</Chip>
            ) : (
              <span class="quiet-text">{on ? 'on' : 'off'}</span>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
