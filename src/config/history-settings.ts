import { Integer } from './variable';

/** How long what was observed is kept. */
export class HistorySettings {
  @Integer(
    'HISTORY_RETENTION_DAYS',
    0,
    { min: 0, max: 36_500, unit: 'd' },
    'Months of single observations that ended longer ago are dropped; their hours and days are kept. 0 keeps everything.',
  )
  historyRetentionDays!: number;
}
