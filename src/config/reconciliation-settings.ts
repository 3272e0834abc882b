import { Quantity } from './variable';

/** How often what is stored is compared with a second reading. */
export class ReconciliationSettings {
  @Quantity(
    'RECONCILIATION_INTERVAL_HOURS',
    6,
    { min: 0.01, max: 168, unit: 'h' },
    'Interval of reconciliation where ENABLE_RECONCILIATION is on.',
  )
  reconciliationIntervalHours!: number;

  @Quantity(
    'QUOTE_CHECK_INTERVAL_HOURS',
    6,
    { min: 0, max: 168, unit: 'h' },
    'Interval in which one quote of our own is compared with that of TaoStats; 0 is never.',
  )
  quoteCheckIntervalHours!: number;
}
