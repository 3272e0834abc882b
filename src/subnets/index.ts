export { SlippageModule } from './slippage.module';
export { SubnetsModule } from './subnets.module';
