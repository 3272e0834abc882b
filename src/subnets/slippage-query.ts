import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsDefined, IsIn, ValidateBy } from 'class-validator';
import type { Direction } from '../analysis';
import { IntegerField, MinTrustField, parseTokens, type Trust } from '../common';

const DIRECTIONS = ['stake', 'unstake'] as const satisfies readonly Direction[];

/** `amount`: whole tokens as decimal text, so that no rao is lost on the way. */
function AmountField(description: string): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, example: '10.5', description }),
    IsDefined({ message: 'is required' }),
    ValidateBy({
      name: 'isAmount',
      validator: {
        validate: (value) => typeof value === 'string' && (parseTokens(value) ?? 0n) > 0n,
        defaultMessage: () => 'must be a decimal number above zero, with at most 21 digits and 9 decimals',
      },
    }),
  );
}

export class SlippageQuery {
  @ApiProperty({ enum: DIRECTIONS, description: '`stake` buys alpha for TAO, `unstake` sells alpha for TAO.' })
  @IsIn(DIRECTIONS, { message: `must be one of ${DIRECTIONS.join(', ')}` })
  direction!: Direction;

  @AmountField('What goes in: TAO for a stake, alpha for an unstake, the fee included.')
  amount!: string;

  @MinTrustField()
  min_trust?: Trust;
}

export class ExitCurveQuery {
  @AmountField('Alpha to sell at the most.')
  amount!: string;

  @IntegerField({ min: 1, max: 100, default: 10, description: 'Points of the curve, in equal steps up to `amount`.' })
  steps = 10;

  @MinTrustField()
  min_trust?: Trust;
}

export class SurfaceQuery {
  @MinTrustField()
  min_trust?: Trust;
}
