import { mining, reserve, treasury } from './model/cast';

/** Coldkeys of the demo: 40 positions between them, two of them on one subnet through two hotkeys. */
export const DEMO_WALLETS: readonly string[] = [treasury, reserve, mining].map(({ coldkey }) => coldkey.ss58);
