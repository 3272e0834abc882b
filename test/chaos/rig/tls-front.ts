import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Server, createServer } from 'node:tls';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** Which certificate the upstream shows. */
export type Certificate = 'good' | 'expired' | 'wrong_host' | 'unknown_issuer';

const SUBJECTS: Readonly<Record<Certificate, { host: string; days: number; signed: boolean }>> = {
  good: { host: 'localhost', days: 2, signed: true },
  // Ends in the very second in which it begins.
  expired: { host: 'localhost', days: 0, signed: true },
  wrong_host: { host: 'somewhere.example', days: 2, signed: true },
  unknown_issuer: { host: 'localhost', days: 2, signed: false },
};

/** https in front of a plain server, as in production, with certificates that can be exchanged while it runs. */
export class TlsFront {
  private constructor(
    private readonly server: Server,
    private readonly directory: string,
  ) {}

  /** Null where there is no openssl to make certificates with. */
  static async start(targetPort: number): Promise<TlsFront | null> {
    const directory = mkdtempSync(join(tmpdir(), 'treasury-tls-'));
    try {
      makeCertificates(directory);
    } catch {
      rmSync(directory, { recursive: true, force: true });
      return null;
    }
    const server = createServer(pairOf(directory, 'good'), (socket) => {
      const upstream = connect(targetPort, '127.0.0.1');
      socket.pipe(upstream).pipe(socket);
      for (const [from, to] of [
        [socket, upstream],
        [upstream, socket],
      ] as const) {
        from.on('error', () => undefined).on('close', () => to.destroy());
      }
    });
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TlsFront(server, directory);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** What the service has to trust. */
  get issuerFile(): string {
    return join(this.directory, 'issuer.crt');
  }

  /** Connections that are open keep theirs. */
  show(certificate: Certificate): void {
    this.server.setSecureContext(pairOf(this.directory, certificate));
  }

  stop(): void {
    this.server.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function makeCertificates(directory: string): void {
  const path = (name: string): string => join(directory, name);
  const openssl = (...parts: string[]): void =>
    void execFileSync('openssl', parts, { stdio: 'ignore', timeout: 30_000 });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-days',
    '2',
    '-subj',
    '/CN=chaos issuer',
    '-keyout',
    path('issuer.key'),
    '-out',
    path('issuer.crt'),
  );
  for (const [name, { host, days, signed }] of Object.entries(SUBJECTS)) {
    const files = ['-keyout', path(`${name}.key`), '-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
    if (!signed) {
      openssl('req', '-x509', ...newKey, ...files, '-days', String(days), '-out', path(`${name}.crt`));
      continue;
    }
    openssl('req', '-new', ...newKey, ...files, '-out', path(`${name}.csr`));
    writeFileSync(path('names.cnf'), `subjectAltName=DNS:${host}\n`);
    const issuer = [
      '-CA',
      path('issuer.crt'),
      '-CAkey',
      path('issuer.key'),
      '-CAcreateserial',
      '-extfile',
      path('names.cnf'),
    ];
    openssl('x509', '-req', '-in', path(`${name}.csr`), ...issuer, '-days', String(days), '-out', path(`${name}.crt`));
  }
}

function pairOf(directory: string, certificate: Certificate): { key: Buffer; cert: Buffer } {
  return {
    key: readFileSync(join(directory, `${certificate}.key`)),
    cert: readFileSync(join(directory, `${certificate}.crt`)),
  };
}
