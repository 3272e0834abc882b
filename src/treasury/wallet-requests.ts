import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import { FlagField } from '../common';

const MAX_LABEL = 100;
const LABEL = `must have 1 to ${MAX_LABEL} characters`;
const EXAMPLE = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';

export class NewWallet {
  @ApiProperty({ example: EXAMPLE, description: 'The coldkey: ss58 with Bittensor’s prefix, 42.' })
  @IsString({ message: 'must be an ss58 address' })
  address!: string;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: MAX_LABEL, example: 'Main' })
  @IsOptional()
  @IsString({ message: LABEL })
  @Length(1, MAX_LABEL, { message: LABEL })
  label?: string | null;
}

export class WalletChange {
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: MAX_LABEL, description: 'Null takes it away.' })
  @IsOptional()
  @IsString({ message: LABEL })
  @Length(1, MAX_LABEL, { message: LABEL })
  label?: string | null;

  @FlagField({ description: 'False: kept and shown, but not synced any more.' })
  active?: boolean | null;
}

export class WalletsQuery {
  @FlagField({ description: 'Those that are no longer followed too.' })
  include_deleted?: boolean;
}
