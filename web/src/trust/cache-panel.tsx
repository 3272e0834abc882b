import type { TrustPack } from '../api/trust-pack';
import { countText, rateText } from '../format/figure';
import { Chip } from '../parts/chip';
import { Panel } from '../parts/panel';
import { Fact } from './budget-panel';

/** What the cache saves, by namespace. */
export function CachePanel({ pack }: { pack: TrustPack }) {
  const cache = pack.cache_health;
  const hour = cache.windows.last_hour;
  const reads = hour.hits + hour.misses;
  return (
    <Panel id="cache" title="Cache" asOf={pack.generated_at}>
      <p class="large">
        {rateText(hour.hit_rate)} <small>hits of {countText(reads)} reads, last hour</small>
      </p>
      {hour.hit_rate !== null && (
        <meter
          min={0}
          max={1}
          value={hour.hit_rate}
          aria-label={`${rateText(hour.hit_rate)} of the cache reads are hits`}
        />
      )}
      <dl class="facts">
        <Fact name="Store">
          {cache.available ? cache.kind === 'redis' ? 'Redis' : 'memory' : <Chip tone="warn">Redis is away</Chip>}
        </Fact>
        <Fact name="Since the start of counting">
          {rateText(cache.overall_hit_rate)} of {countText(cache.total_hits + cache.total_misses)}
        </Fact>
        {Object.entries(cache.namespaces).map(([name, rates]) => (
          <Fact key={name} name={name}>
            {rateText(rates.hit_rate)} of {countText(rates.hits + rates.misses)}
          </Fact>
        ))}
      </dl>
    </Panel>
  );
}
