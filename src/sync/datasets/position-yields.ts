import { type HeldPair, HeldSubnetRepository, UpstreamCapabilityRepository } from '../../database';
import { ENDPOINTS, type Fetched, TaostatsError, type ValidatorYieldPayload } from '../../taostats';
import type { FetchContext, PlanContext } from '../dataset';

/** Name in `upstream_capabilities`. */
export const YIELD_POST = 'validator-yield-post';
/** What upstream could not do it may learn. */
const VALID_DAYS = 30;
/** Positions in one body: as many as rows fit on a page. */
const BATCH = 200;
/** Answers that say that this is not how to ask, and not that upstream has a bad day. */
const UNABLE = new Set(['bad-request', 'bad-payload', 'contract', 'plan-gated']);

interface Asking extends Pick<FetchContext, 'ask' | 'manager'> {
  capabilities: UpstreamCapabilityRepository;
}

/**
 * The yields of exactly these positions, one call per 200 of them. Null when upstream cannot do that: it is documented
 * but nobody is known to use it, so it is tried once and the answer remembered.
 */
export async function askPositionYields(
  { ask, manager, capabilities }: Asking,
  pairs: readonly HeldPair[],
): Promise<Fetched<ValidatorYieldPayload>[] | null> {
  const known = await capabilities.find(manager, YIELD_POST, VALID_DAYS);
  if (known === false) return null;
  const remember = (isAvailable: boolean, reason: string | null): Promise<void> =>
    capabilities.remember(manager, { name: YIELD_POST, isAvailable, reason });
  try {
    const answers: Fetched<ValidatorYieldPayload>[] = [];
    for (let from = 0; from < pairs.length; from += BATCH) {
      const positions = pairs.slice(from, from + BATCH).map(({ hotkey, netuid }) => ({ hotkey, netuid }));
      answers.push(await ask(ENDPOINTS.positionYields, { body: { positions } }));
    }
    if (answers.some((answer) => answer.rows.length > 0)) {
      if (known === null) await remember(true, null);
      return answers;
    }
    // No row for any position says nothing yet: the other way of asking will tell.
    return null;
  } catch (error) {
    if (!(error instanceof TaostatsError) || !UNABLE.has(error.reason)) throw error;
    await remember(false, error.code);
    return null;
  }
}

/** One call per 200 held positions, or one per held subnet where upstream takes no list of positions. */
export async function planYieldCalls({ manager, repository }: PlanContext): Promise<number> {
  const pairs = await repository(HeldSubnetRepository).pairs(manager);
  const known = await repository(UpstreamCapabilityRepository).find(manager, YIELD_POST, VALID_DAYS);
  return known === false ? new Set(pairs.map(({ netuid }) => netuid)).size : Math.ceil(pairs.length / BATCH);
}
