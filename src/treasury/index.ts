export { PortfolioModule } from './portfolio.module';
export { PortfolioPastReader, type PortfolioPast } from './portfolio-past.service';
export { TreasuryBooks } from './treasury-books.service';
export { TreasuryModule } from './treasury.module';
