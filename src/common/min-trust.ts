import { AppError } from './app-error';
import type { DataMeta } from './data-meta';
import { ChoiceField } from './query-fields';
import { TRUST_LEVELS, type Trust } from './trust';

/** Whatever is not trusted at all cannot be asked for. */
const ASKABLE = TRUST_LEVELS.filter((level) => level !== 'unknown');
const UNFIT_RETRY_SECONDS = 60;

/** `min_trust`: a caller who would act on the figure asks for a refusal instead of one that is not fit. */
export function MinTrustField(): PropertyDecorator {
  return ChoiceField(ASKABLE, {
    description: 'Worst trust that is acceptable, best first; a figure below it is answered with 503 and the reason.',
    example: 'ok',
  });
}

/** Throws `trust/too-low`, naming every dataset at fault, when the figures of `meta` are not as good as asked. */
export function requireTrust(meta: DataMeta, minimum: Trust | undefined): void {
  if (minimum === undefined) return;
  const isBelow = (trust: Trust): boolean => TRUST_LEVELS.indexOf(trust) > TRUST_LEVELS.indexOf(minimum);
  if (!isBelow(meta.trust)) return;
  const culprits = Object.entries(meta.datasets)
    .filter(([, dataset]) => isBelow(dataset.trust))
    .map(([dataset, { trust, as_of }]) => `${dataset} is ${trust}${as_of === null ? '' : ` as of ${as_of}`}`);
  throw new AppError('trust/too-low', `trust is ${meta.trust}, asked for ${minimum}: ${culprits.join('; ')}`, {
    status: 503,
    retryAfterSeconds: UNFIT_RETRY_SECONDS,
  });
}
