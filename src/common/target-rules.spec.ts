import { examineTarget, refusalOf } from './target-rules';

const https = new URL('https://hooks.example/in');
const http = new URL('http://hooks.example/in');

describe('the rules for targets', () => {
  it.each([
    ['127.0.0.1', 'target/loopback-address'],
    ['127.8.9.1', 'target/loopback-address'],
    ['::1', 'target/loopback-address'],
    ['::ffff:127.0.0.1', 'target/loopback-address'],
    ['::ffff:7f00:1', 'target/loopback-address'],
    ['64:ff9b::127.0.0.1', 'target/loopback-address'],
    ['10.0.0.8', 'target/private-address'],
    ['172.16.0.1', 'target/private-address'],
    ['172.31.255.255', 'target/private-address'],
    ['192.168.1.1', 'target/private-address'],
    ['100.64.0.1', 'target/private-address'],
    ['fd12:3456::1', 'target/private-address'],
    ['::ffff:10.1.2.3', 'target/private-address'],
    ['64:ff9b::a01:203', 'target/private-address'],
    ['169.254.1.1', 'target/link-local-address'],
    ['fe80::1', 'target/link-local-address'],
    ['169.254.169.254', 'target/metadata-address'],
    ['::ffff:169.254.169.254', 'target/metadata-address'],
    ['fd00:ec2::254', 'target/metadata-address'],
    ['100.100.100.200', 'target/metadata-address'],
    ['168.63.129.16', 'target/metadata-address'],
    ['0.0.0.0', 'target/reserved-address'],
    ['::', 'target/reserved-address'],
    ['224.0.0.1', 'target/reserved-address'],
    ['255.255.255.255', 'target/reserved-address'],
    ['240.0.0.1', 'target/reserved-address'],
    ['203.0.113.7', 'target/reserved-address'],
    ['ff02::1', 'target/reserved-address'],
    ['2002:7f00:1::', 'target/reserved-address'],
    ['2001:0:7f00:1::', 'target/reserved-address'],
    // IPv4-compatible, and never given out.
    ['::7f00:1', 'target/reserved-address'],
    ['4000::1', 'target/reserved-address'],
    ['fec0::1', 'target/reserved-address'],
    ['no address', 'target/reserved-address'],
  ])('refuse %s by %s', (address, rule) => {
    expect(refusalOf(https, address, { allowPrivate: false })).toBe(rule);
  });

  it.each(['93.184.216.34', '2606:2800:220:1::1', '172.32.0.1', '64:ff9b::5db8:d822', '::ffff:93.184.216.34'])(
    'permit %s over https, and never over http',
    (address) => {
      for (const allowPrivate of [false, true]) {
        expect(refusalOf(https, address, { allowPrivate })).toBeNull();
        expect(refusalOf(http, address, { allowPrivate })).toBe('target/not-https');
      }
    },
  );

  it.each(['127.0.0.1', '::1', '10.0.0.8', '192.168.1.1', 'fd12:3456::1', '::ffff:10.1.2.3'])(
    'permit %s over http and https where private targets are allowed',
    (address) => {
      expect(refusalOf(http, address, { allowPrivate: true })).toBeNull();
      expect(refusalOf(https, address, { allowPrivate: true })).toBeNull();
    },
  );

  it.each(['169.254.169.254', '169.254.1.1', 'fe80::1', '0.0.0.0', '224.0.0.1', 'fd00:ec2::254'])(
    'refuse %s even then',
    (address) => {
      expect(refusalOf(https, address, { allowPrivate: true })).not.toBeNull();
    },
  );

  it.each(['https://2130706433/', 'https://0x7f.1/', 'https://017700000001/', 'https://[::ffff:7f00:1]/'])(
    'see through %s',
    async (text) => {
      expect(await examineTarget(new URL(text), { allowPrivate: false })).toBe('target/loopback-address');
    },
  );

  it('refuse a name as soon as one of its addresses is refused', async () => {
    const resolve = (): Promise<{ address: string }[]> =>
      Promise.resolve([{ address: '93.184.216.34' }, { address: '10.0.0.1' }]);
    expect(await examineTarget(https, { allowPrivate: false }, resolve)).toBe('target/private-address');
  });

  it('look names up: localhost is this machine', async () => {
    expect(await examineTarget(new URL('https://localhost/'), { allowPrivate: false })).toBe('target/loopback-address');
  });
});
