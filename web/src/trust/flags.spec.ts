import { featureFlags, loadSettings } from '../../../src/config';
import { FLAGS } from './flags';

describe('the flags of the page', () => {
  it('are those of the service, with its defaults', () => {
    const defaults = featureFlags(loadSettings({ TAOSTATS_API_KEY: 'tao-test-key:00000000' }));
    expect(Object.fromEntries(Object.entries(FLAGS).map(([name, flag]) => [name, flag.on]))).toEqual(defaults);
  });
});
