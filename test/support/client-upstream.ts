import type { Endpoint, Fetched, FetchRequest, TaostatsClient } from '../../src/taostats';
import { FakeUpstream } from './fake-upstream';

/** The real client where a rig expects an upstream of the test's own. */
export class ClientUpstream extends FakeUpstream {
  constructor(private readonly client: TaostatsClient) {
    super();
  }

  override fetchAll<P extends object>(endpoint: Endpoint<P>, request: FetchRequest): Promise<Fetched<P>> {
    this.asked.push(endpoint.path);
    return this.client.fetchAll(endpoint, request);
  }
}
