import { setImmediate as turn } from 'node:timers/promises';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { SERVICE_VERSION } from '../../metrics';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { ServiceClient } from '../service-client';
import { answerOf, refusalOf } from './answer';
import { type Given, TOOLS, type Tool } from './tools';

const INSTRUCTIONS =
  'Figures of a Bittensor treasury. Every answer says how old it is and how far it can be trusted: repeat both with the figure. ' +
  'A refusal is an answer: pass its reason on and never fill the gap with a guess. Null is not zero. Nothing here can change anything.';

/**
 * A Model Context Protocol server over stdin and stdout, on the REST reads of the running service. Resolves when the
 * client has gone. Nothing else may write to stdout meanwhile.
 */
export async function serveMcp(service: ServiceClient): Promise<void> {
  const server = new McpServer({ name: 'tao-treasury', version: SERVICE_VERSION }, { instructions: INSTRUCTIONS });
  const pending = new Set<Promise<CallToolResult>>();
  for (const { name, title, description, input, ...tool } of TOOLS) {
    const annotations = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
    server.registerTool(name, { title, description, inputSchema: input, annotations }, (given) => {
      const answer = answerTo(service, tool, given as Given);
      pending.add(answer);
      void answer.finally(() => pending.delete(answer));
      return answer;
    });
  }
  const gone = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
  });
  process.stdin.once('end', () => void closeAfter(pending).then(() => server.close()));
  await server.connect(new StdioServerTransport());
  await gone;
}

/** Never rejects: what goes wrong is an answer as well. */
async function answerTo(
  service: ServiceClient,
  { pathOf, tell = (answer) => answer }: Pick<Tool, 'pathOf' | 'tell'>,
  given: Given,
) {
  try {
    return answerOf(tell(await service.json<Record<string, unknown>>(`/api/v1${pathOf(given)}`)));
  } catch (error) {
    return refusalOf(error);
  }
}

/** A client that pipes its questions in closes stdin at once, and still waits for the answers. */
async function closeAfter(pending: ReadonlySet<Promise<unknown>>): Promise<void> {
  await turn();
  await Promise.allSettled(pending);
  await turn();
}
