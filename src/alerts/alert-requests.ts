import { CursorField, InstantField, IntegerField, InvalidInputError, LimitField } from '../common';

const MAX_MINUTES = 30 * 24 * 60;

/** For how long, or until when; one of them. */
export class MuteRequest {
  @IntegerField({ min: 1, max: MAX_MINUTES, description: 'Minutes from now, at most 30 days.', example: 60 })
  minutes?: number;

  @InstantField({ description: 'Or the end itself, at most 30 days from now.', example: '2026-01-15T13:00:00Z' })
  until?: Date;
}

export class DeliveriesQuery {
  @LimitField()
  limit = 50;

  @CursorField()
  cursor?: string;
}

/** When the muting ends. Throws `request/invalid-body` for both, neither, the past, and more than 30 days. */
export function muteEnd({ minutes, until }: MuteRequest, now: Date): Date {
  if ((minutes == null) === (until == null)) throw refused('minutes', 'or `until`: one of them must be given');
  if (minutes != null) return new Date(now.getTime() + minutes * 60_000);
  const end = until ?? now;
  if (end <= now) throw refused('until', `must be in the future; it is ${now.toISOString()}`);
  if (end.getTime() - now.getTime() > MAX_MINUTES * 60_000) throw refused('until', 'must be within 30 days');
  return end;
}

function refused(field: string, message: string): InvalidInputError {
  return new InvalidInputError('request/invalid-body', [{ field, message }]);
}
