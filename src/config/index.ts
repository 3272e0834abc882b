export { alertChannelsOf, type AlertChannel, type AlertChannelKind } from './alert-channels';
export { ALERT_SEVERITIES, type AlertSeverity } from './alert-settings';
export { ConfigModule } from './config.module';
export { featureFlags } from './feature-flags';
export {
  ConfigError,
  EXIT_CONFIG,
  loadSettings,
  rawValue,
  type Environment,
  type SettingSource,
} from './load-settings';
export { modeOf, type Mode } from './mode';
export { isBittensorAddress, isLoopback } from './setting-checks';
export { Settings } from './settings';
export { variables, type Variable } from './variable';
