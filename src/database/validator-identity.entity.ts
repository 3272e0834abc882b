import { Entity, PrimaryColumn } from 'typeorm';
import { Words } from './columns';
import { CurrentRow } from './current-row';

/** What the owner of an address says of itself; all of it is written by strangers. Empty texts are null. */
@Entity('validator_identities')
export class ValidatorIdentity extends CurrentRow {
  /** The coldkey. */
  @PrimaryColumn('text') address!: string;
  @Words('validator_hotkey') validatorHotkey!: string | null;
  @Words('name') name!: string | null;
  @Words('url') url!: string | null;
  @Words('github_repo') githubRepo!: string | null;
  @Words('image') image!: string | null;
  @Words('discord') discord!: string | null;
  @Words('description') description!: string | null;
  @Words('additional') additional!: string | null;
}
