import { Entity, PrimaryColumn } from 'typeorm';
import { WordList, Words } from './columns';
import { CurrentRow } from './current-row';

/** What a subnet says of itself: free text of strangers. Null is absent, upstream's empty text included. */
@Entity('subnet_identities')
export class SubnetIdentity extends CurrentRow {
  @PrimaryColumn('integer') netuid!: number;
  @Words('subnet_name') subnetName!: string | null;
  @Words('github_repo') githubRepo!: string | null;
  @Words('subnet_contact') subnetContact!: string | null;
  @Words('subnet_url') subnetUrl!: string | null;
  @Words('logo_url') logoUrl!: string | null;
  @Words('discord') discord!: string | null;
  @Words('description') description!: string | null;
  @Words('additional') additional!: string | null;
  @Words('summary') summary!: string | null;
  @Words('twitter') twitter!: string | null;
  @WordList('tags') tags!: string[] | null;
}
