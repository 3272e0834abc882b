import { trustInputs } from '../../test/support/trust-inputs';
import type { Reply } from './reply';
import { buildTrustPack } from './trust-pack';
import { TrustPackController } from './trust-pack.controller';
import type { TrustSnapshot } from './trust-snapshot.service';

class RecordedReply implements Reply {
  status = 200;
  body: unknown;
  readonly headers: Record<string, string> = {};

  code(status: number): this {
    this.status = status;
    return this;
  }

  header(name: string, value: string): this {
    this.headers[name] = value;
    return this;
  }

  send(body?: unknown): void {
    this.body = body;
  }
}

describe('GET /api/v1/trust-pack', () => {
  const pack = buildTrustPack(trustInputs(), { issues: [], at: null });
  const prepared = { pack, body: Buffer.from(JSON.stringify(pack)), etag: '"abc"' };
  const controller = new TrustPackController({ current: () => prepared } as TrustSnapshot);

  it.each([undefined, '"another"'])('answers the prepared bytes and their tag to a reader who has %s', (known) => {
    const reply = new RecordedReply();
    controller.read(known, reply);
    expect(reply).toMatchObject({ status: 200, body: prepared.body, headers: { etag: '"abc"' } });
  });

  it('answers 304 and nothing else to a reader who has the same bytes', () => {
    const reply = new RecordedReply();
    controller.read('"abc"', reply);
    expect(reply).toMatchObject({ status: 304, body: undefined, headers: { etag: '"abc"' } });
  });
});
