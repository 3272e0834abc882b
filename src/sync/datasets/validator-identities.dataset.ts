import { ValidatorIdentity } from '../../database';
import { ENDPOINTS, type IdentityPayload } from '../../taostats';
import type { Part, SnapshotDataset } from '../dataset';
import { mapRows, textOrNull } from '../map-rows';

const DAY_MINUTES = 1440;

/** What validators say of themselves; it changes rarely. */
export const VALIDATOR_IDENTITIES: SnapshotDataset = {
  name: 'validator_identity',
  title: 'Validator identity',
  tiers: ['deep'],
  isCore: false,
  intervalMinutes: () => DAY_MINUTES,
  async fetch({ ask }) {
    const fetched = await ask(ENDPOINTS.identities);
    const part: Part<ValidatorIdentity> = {
      name: 'identities',
      entity: ValidatorIdentity,
      ...mapRows(fetched, {
        keyOf: (payload: IdentityPayload) => payload.address.ss58,
        findFault: () => null,
        toRow,
      }),
      complete: fetched.complete,
      totalItems: fetched.totalItems,
      floor: 1,
      newer: [],
      keyOf: (row) => row.address,
    };
    return [part];
  },
};

function toRow(payload: IdentityPayload): ValidatorIdentity {
  return Object.assign(new ValidatorIdentity(), {
    address: payload.address.ss58,
    validatorHotkey: payload.validator_hotkey?.ss58 ?? null,
    name: textOrNull(payload.name),
    url: textOrNull(payload.url),
    githubRepo: textOrNull(payload.github_repo),
    image: textOrNull(payload.image),
    discord: textOrNull(payload.discord),
    description: textOrNull(payload.description),
    additional: textOrNull(payload.additional),
  });
}
