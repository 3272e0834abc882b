import type { Channel, Delivery } from '../api/alerts';
import { countText, NONE } from '../format/figure';
import { clockText, spanText } from '../format/time';
import { Chip } from '../parts/chip';
import { TableView } from '../parts/line-chart';
import { type Alerting, testChannel } from '../state/alerts';
import { ageSeconds, nowMs } from '../state/clock';

/** Where messages go, with a test for each, and the log of the last deliveries. */
export function Channels({ known: { channels, deliveries, meta } }: { known: Alerting }) {
  if (channels.length === 0)
    return (
      <p class="remark">
        No channel is configured: set one in <code>ALERT_WEBHOOK_URLS</code> or its like, and messages go out.
      </p>
    );
  return (
    <>
      <p class="remark">
        {channels.length === 1 ? 'One channel is told' : `${channels.length} channels are told`} of everything from{' '}
        {meta.min_severity} on.
      </p>
      <ul class="channels">
        {channels.map((channel) => (
          <ChannelRow key={channel.name} channel={channel} />
        ))}
      </ul>
      <DeliveryTable deliveries={deliveries} />
    </>
  );
}

function ChannelRow({ channel }: { channel: Channel }) {
  const { name, kind, target, refused, refused_because } = channel;
  return (
    <li>
      <span>
        <b>{name}</b>{' '}
        <span class="quiet-text">
          {kind}, {target}
        </span>
        {refused !== null && (
          <small class="story">
            Refused by <code>{refused}</code>: {refused_because}
          </small>
        )}
      </span>
      <ChannelState channel={channel} />
      <button type="button" onClick={() => void testChannel(name)} aria-label={`Test ${name}`}>
        Test
      </button>
    </li>
  );
}

function ChannelState({
  channel: { refused, enabled, last_outcome, last_delivery_at, last_error_code },
}: {
  channel: Channel;
}) {
  if (refused !== null) return <Chip tone="act">refused</Chip>;
  if (!enabled) return <Chip tone="act">gone</Chip>;
  if (last_outcome === null || last_delivery_at === null) return <Chip tone="none">never used</Chip>;
  const ago = `${spanText(ageSeconds(last_delivery_at) ?? 0)} ago`;
  if (last_outcome === 'delivered') return <Chip tone="ok">{`delivered ${ago}`}</Chip>;
  return <Chip tone="warn">{`${last_outcome} ${ago}${last_error_code === null ? '' : `, ${last_error_code}`}`}</Chip>;
}

function DeliveryTable({ deliveries }: { deliveries: Delivery[] }) {
  if (deliveries.length === 0) return null;
  return (
    <TableView
      label="Deliveries as a table"
      summary={`Last deliveries (${countText(deliveries.length)})`}
      titles={['Written', 'Channel', 'What', 'Outcome', 'Attempts', 'HTTP', 'Error', 'Again at']}
      rows={deliveries.map((delivery) => [
        clockText(delivery.at, nowMs.value),
        delivery.channel,
        delivery.kind,
        delivery.status,
        countText(delivery.attempts),
        delivery.http_status === null ? NONE : String(delivery.http_status),
        delivery.error_code ?? NONE,
        delivery.next_attempt_at === null ? NONE : clockText(delivery.next_attempt_at, nowMs.value),
      ])}
    />
  );
}
