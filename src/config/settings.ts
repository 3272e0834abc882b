import { IntersectionType } from '@nestjs/mapped-types';
// The order of these imports is the order in which operators see the variables.
import { ServerSettings } from './server-settings';
import { UpstreamSettings } from './upstream-settings';
import { FlagSettings } from './flag-settings';
import { SyncSettings } from './sync-settings';
import { AlertSettings } from './alert-settings';
import { HistorySettings } from './history-settings';
import { ReconciliationSettings } from './reconciliation-settings';

/**
 * Every environment variable of the service: name, default, range and meaning, in one file a subject.
 * Built and checked once at boot by `loadSettings`; everything else receives it by injection.
 */
export class Settings extends IntersectionType(
  ServerSettings,
  UpstreamSettings,
  FlagSettings,
  SyncSettings,
  AlertSettings,
  HistorySettings,
  ReconciliationSettings,
) {}
