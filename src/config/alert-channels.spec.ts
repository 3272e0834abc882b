import { alertChannelsOf } from './alert-channels';
import { ConfigError, loadSettings } from './load-settings';

const KEY = { TAOSTATS_API_KEY: 'tao-test-key:00000000' };
const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const BOT = 'https://api.telegram.org/bot123456:AAF-canary/sendMessage?chat_id=-1001';

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadSettings({ ...KEY, ...environment });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the channels of alerts', () => {
  it('are none by default', () => {
    expect(alertChannelsOf(loadSettings(KEY))).toEqual([]);
  });

  it('are several of each kind, named by the operator or after their kind', () => {
    const settings = loadSettings({
      ...KEY,
      ALERT_WEBHOOK_URLS: 'ops=https://a.example/in,https://b.example/in?x=1',
      ALERT_WEBHOOK_SECRETS: `${SECRET}, ops=${OTHER}`,
      ALERT_SLACK_URLS: 'https://hooks.slack.com/services/T/B/one, https://hooks.slack.com/services/T/B/two',
      ALERT_DISCORD_URLS: 'https://discord.com/api/webhooks/1/x',
      ALERT_TELEGRAM_URLS: `night=${BOT}`,
    });
    expect(alertChannelsOf(settings)).toEqual([
      { name: 'ops', kind: 'webhook', url: 'https://a.example/in', secrets: [OTHER] },
      { name: 'webhook-2', kind: 'webhook', url: 'https://b.example/in?x=1', secrets: [SECRET] },
      { name: 'slack', kind: 'slack', url: 'https://hooks.slack.com/services/T/B/one', secrets: [] },
      { name: 'slack-2', kind: 'slack', url: 'https://hooks.slack.com/services/T/B/two', secrets: [] },
      { name: 'discord', kind: 'discord', url: 'https://discord.com/api/webhooks/1/x', secrets: [] },
      { name: 'night', kind: 'telegram', url: BOT, secrets: [] },
    ]);
  });

  it.each([
    ['ALERT_WEBHOOK_URLS', 'ftp://a.example/in'],
    ['ALERT_WEBHOOK_URLS', 'a.example/in'],
    ['ALERT_WEBHOOK_URLS', 'https://user:pass@a.example/in'],
    ['ALERT_WEBHOOK_URLS', 'Not A Name=https://a.example/in'],
    ['ALERT_SLACK_URLS', 'hooks.slack.com/T/B/one'],
    ['ALERT_DISCORD_URLS', 'https://discord.com/api/webhooks/1/x#part'],
    ['ALERT_TELEGRAM_URLS', 'https://api.telegram.org/bot123456:AAF-canary/sendMessage'],
    ['ALERT_TELEGRAM_URLS', 'https://api.telegram.org/sendMessage?chat_id=1'],
    ['ALERT_WEBHOOK_SECRETS', 'secret'],
    ['ALERT_WEBHOOK_SECRETS', 'whsec_c2hvcnQ='],
    ['ALERT_WEBHOOK_SECRETS', `nobody=${SECRET}`],
  ])('%s=%s is refused by name, without showing it', (name, value) => {
    const problems = problemsOf({ ALERT_WEBHOOK_SECRETS: SECRET, [name]: value });
    expect(problems).toContainEqual(expect.stringMatching(new RegExp(`^${name}=\\[redacted\\]: expected `)));
    expect(problems.join('\n')).not.toContain(value);
  });

  it('need a key for every webhook', () => {
    expect(problemsOf({ ALERT_WEBHOOK_URLS: 'ops=https://a.example/in' })).toEqual([
      expect.stringContaining('the webhook ops has no key'),
    ]);
  });

  it('must not share a name', () => {
    expect(
      problemsOf({ ALERT_SLACK_URLS: 'ops=https://a.example/1', ALERT_DISCORD_URLS: 'ops=https://a.example/2' }),
    ).toEqual([expect.stringContaining('two channels are called ops')]);
  });
});
