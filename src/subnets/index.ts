export { SubnetsModule } from './subnets.module';
