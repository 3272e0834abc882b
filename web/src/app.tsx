import { Header } from './frame/header';
import { Help } from './frame/help';
import { Notices } from './frame/notices';
import { tab } from './state/view';
import { unreachable } from './state/trust';
import { TreasuryView } from './treasury/treasury-view';
import { TrustView } from './trust/trust-view';

/** The whole page. Figures grey out as one while the service does not answer. */
export function App() {
  return (
    <>
      <a class="skip" href="#content">
        Skip to the figures
      </a>
      <Header />
      <Notices />
      <main id="content" tabIndex={-1} class={unreachable.value === null ? '' : 'withheld'}>
        {tab.value === 'trust' ? <TrustView /> : <TreasuryView />}
      </main>
      <Help />
    </>
  );
}
