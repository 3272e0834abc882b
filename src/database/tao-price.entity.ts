import { Entity, PrimaryColumn } from 'typeorm';
import { Amount, Instant, REQUIRED, SignedAmount, Words } from './columns';
import { CurrentRow } from './current-row';

/** The newest good price of TAO; changes in percent. */
@Entity('tao_prices')
export class TaoPrice extends CurrentRow {
  @PrimaryColumn('text') symbol!: string;
  @Words('name') name!: string | null;
  @Words('slug') slug!: string | null;
  /** USD per TAO. */
  @Amount('price', REQUIRED) price!: string;
  /** When the market-data vendor measured it: this dates the price. */
  @Instant('last_updated', REQUIRED) lastUpdated!: Date;
  @Instant('created_at') createdAt!: Date | null;
  @Instant('updated_at') updatedAt!: Date | null;
  /** Supplies are whole TAO, not rao. */
  @Amount('circulating_supply') circulatingSupply!: string | null;
  @Amount('max_supply') maxSupply!: string | null;
  @Amount('total_supply') totalSupply!: string | null;
  /** USD. */
  @Amount('volume_24h') volume24h!: string | null;
  /** USD. */
  @Amount('market_cap') marketCap!: string | null;
  /** USD. */
  @Amount('fully_diluted_market_cap') fullyDilutedMarketCap!: string | null;
  @SignedAmount('percent_change_1h') percentChange1h!: string | null;
  @SignedAmount('percent_change_24h') percentChange24h!: string | null;
  @SignedAmount('percent_change_7d') percentChange7d!: string | null;
  @SignedAmount('percent_change_30d') percentChange30d!: string | null;
  @SignedAmount('percent_change_60d') percentChange60d!: string | null;
  @SignedAmount('percent_change_90d') percentChange90d!: string | null;
  /** Percent of the whole crypto market. */
  @SignedAmount('market_cap_dominance') marketCapDominance!: string | null;
}
