export { AccessGate, type GateReply, type GateRequest } from './access-gate.service';
export { AccessModule } from './access.module';
export { makeToken, TOKEN_PREFIX } from './tokens';
