import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Amount, REQUIRED, SignedAmount } from './columns';

/** The price of TAO as it was measured at a moment; append only, partitioned by month. Units as in `TaoPrice`. */
@Entity('tao_price_history')
export class TaoPriceHistory {
  @PrimaryColumn('text') symbol!: string;
  @PrimaryColumn('timestamptz', { name: 'last_updated' }) lastUpdated!: Date;
  @Amount('price', REQUIRED) price!: string;
  @Amount('volume_24h') volume24h!: string | null;
  @Amount('market_cap') marketCap!: string | null;
  @Amount('fully_diluted_market_cap') fullyDilutedMarketCap!: string | null;
  @Amount('circulating_supply') circulatingSupply!: string | null;
  @SignedAmount('market_cap_dominance') marketCapDominance!: string | null;
  /** The run that observed it. */
  @Column('uuid', { name: 'run_id' }) runId!: string;
}
