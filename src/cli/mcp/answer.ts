import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { CommandError } from '../exit';
import { duration, toJson } from '../terminal';

interface Meta {
  as_of: string | null;
  age_seconds: number | null;
  trust: string;
  simulated: boolean;
}

/** The answer of a read, led by a sentence on its age and trust, which no assistant can miss. */
export function answerOf(body: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text: `${fitness(body)}\n\n${toJson(body)}` }], structuredContent: body };
}

const UNEXPECTED = new CommandError('cli/unexpected', 'the answer of the service could not be read');

/** Why there is no figure: the reason and code of the service, for the assistant to pass on. */
export function refusalOf(error: unknown): CallToolResult {
  const { code, message, fix } = error instanceof CommandError ? error : UNEXPECTED;
  const text = `Refused (${code}): ${message}${fix === null ? '' : `\nTo fix: ${fix}`}`;
  return { isError: true, content: [{ type: 'text', text }], structuredContent: { error: { code, message, fix } } };
}

function fitness(body: Record<string, unknown>): string {
  const { meta, overall_health: health, simulated } = body;
  if (isMeta(meta)) {
    const { as_of: asOf, age_seconds: age, trust } = meta;
    const dated = asOf === null ? 'Never synced' : `As of ${asOf} (${duration(age)} old)`;
    return `${dated}, trust ${trust}.${missingOf(body)}${simulationOf(meta.simulated)}`;
  }
  const summary = (health as { summary?: unknown } | undefined)?.summary;
  return `${typeof summary === 'string' ? summary : 'The service says nothing of its state.'}${simulationOf(simulated)}`;
}

interface Body {
  data?: unknown;
  complete?: unknown;
}

function isMeta(meta: unknown): meta is Meta {
  return typeof meta === 'object' && meta !== null && 'trust' in meta;
}

/** Lists say it beside their rows, other answers within their data. */
function missingOf({ data, complete = (data as { complete?: unknown } | null | undefined)?.complete }: Body): string {
  return complete === false ? ' Not complete: see `missing` before you repeat a figure.' : '';
}

function simulationOf(simulated: unknown): string {
  return simulated === true ? ' The data is simulated: no real money.' : '';
}
