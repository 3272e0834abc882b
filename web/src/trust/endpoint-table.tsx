import type { ApiRates, EndpointView, TrustPack } from '../api/trust-pack';
import { countText, NONE, rateText } from '../format/figure';
import { durationText } from '../format/time';
import { Panel } from '../parts/panel';

const COLUMNS = ['Endpoint, last hour', 'Calls', 'p50', 'p95', 'Errors', '429'];

/** Upstream endpoints of the last hour, the one that hurts most first. */
export function EndpointTable({ pack }: { pack: TrustPack }) {
  const rows = Object.entries(pack.api_endpoints).sort(([a, x], [b, y]) => painOf(y) - painOf(x) || a.localeCompare(b));
  const { breakers } = pack.upstream;
  return (
    <Panel id="endpoints" title="TaoStats endpoints" asOf={pack.generated_at}>
      {rows.length === 0 ? (
        <p class="empty">No endpoint has been called yet.</p>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label="Endpoints of the last hour">
          <table>
            <thead>
              <tr>
                {COLUMNS.map((title, index) => (
                  <th key={title} scope="col" class={index === 0 ? '' : 'number'}>
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(([path, view]) => (
                <EndpointRow
                  key={path}
                  path={path}
                  view={view}
                  open={breakers.some(
                    (breaker) => breaker.state !== 'closed' && path.split('/').includes(breaker.scope),
                  )}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

function EndpointRow({ path, view, open }: { path: string; view: EndpointView; open: boolean }) {
  const rates: ApiRates = view.windows.last_hour;
  return (
    <tr>
      <th scope="row" class="path">
        {path}
        {open && <small class="story">left alone for a while: it failed too often</small>}
        {(rates.error_rate ?? 0) > 0 && view.last_error !== null && <small class="story">{view.last_error}</small>}
      </th>
      <td class="number">{countText(rates.calls)}</td>
      <td class="number">{rates.p50_latency_ms === null ? NONE : durationText(rates.p50_latency_ms)}</td>
      <td class="number">{rates.p95_latency_ms === null ? NONE : durationText(rates.p95_latency_ms)}</td>
      <td class={`number ${(rates.error_rate ?? 0) > 0.1 ? 'tone-warn' : ''}`}>{rateText(rates.error_rate)}</td>
      <td class="number">{rateText(rates.rate_limit_rate)}</td>
    </tr>
  );
}

/** Failed and throttled calls of the last hour, and whole seconds as the tie-break: rows must not change places with every call. */
function painOf(view: EndpointView): number {
  const rates = view.windows.last_hour;
  return rates.errors + rates.rate_limits + Math.floor((rates.p95_latency_ms ?? 0) / 1000) / 1e6;
}
