import { render } from 'preact';
import { App } from './app';
import { startClock } from './state/clock';
import { startLive } from './state/live';
import { startRunSheet } from './state/run-sheet';
import { startView } from './state/view';

startView();
startRunSheet();
startClock();
startLive();
const page = document.getElementById('page');
if (page !== null) render(<App />, page);
