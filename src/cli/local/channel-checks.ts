import { examineTarget, TARGET_RULES } from '../../common';
import { type AlertChannel, alertChannelsOf, type Settings } from '../../config';
import { type Check, ok, trouble } from './check';

/** Whether each channel's target is one that alerts may be sent to, as its name resolves from here. */
export async function checkChannels(settings: Settings): Promise<Check[]> {
  const channels = alertChannelsOf(settings);
  if (channels.length === 0) return [ok('alerts', 'no channel is configured: nobody is told')];
  return Promise.all(channels.map((channel) => checkChannel(channel, settings.alertAllowPrivateTargets)));
}

async function checkChannel({ name, kind, url }: AlertChannel, allowPrivate: boolean): Promise<Check> {
  const target = new URL(url);
  const title = `alerts ${name}`;
  try {
    const rule = await examineTarget(target, { allowPrivate });
    if (rule === null) return ok(title, `${kind} at ${target.host}; \`tao-treasury alerts test ${name}\` sends a test`);
    const fix = 'correct the address, or permit it as docs/runbook.md#where-alerts-go says';
    return trouble(title, 'failed', `${target.host} is refused (${rule}): ${TARGET_RULES[rule]}`, fix);
  } catch {
    return trouble(title, 'warning', `${target.host} does not resolve`, 'check the name and the DNS of this machine');
  }
}
