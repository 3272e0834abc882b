import { type Doubt, missingEvents, type RejectedEvent, type UnreadTime } from '../analysis';

/** Stake events that are missing make the subnets unknown that they may have changed; transfers of TAO change none. */
export function doubtsOf(rejected: readonly RejectedEvent[], unread: readonly UnreadTime[]): Doubt[] {
  return [
    ...rejected.map(({ id, netuid, reason }) => ({ netuid, reason: `event ${id} could not be read: ${reason}` })),
    ...unread
      .filter(({ dataset }) => dataset === 'delegation_events')
      .map((gap) => ({ netuid: gap.netuid, reason: missingEvents(gap) })),
  ];
}
