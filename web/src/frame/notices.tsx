import { spanText } from '../format/time';
import { nowMs } from '../state/clock';
import { pack, unreachable } from '../state/trust';

/** What must be known before any figure is read: that they are simulated, and that they are old. */
export function Notices() {
  return (
    <aside aria-label="Notices">
      {pack.value?.simulated === true && (
        <p class="notice simulated">
          <strong>Simulated data.</strong> No figure on this page comes from Bittensor: the upstream is the simulator.
        </p>
      )}
      <Unreachable />
    </aside>
  );
}

function Unreachable() {
  const trouble = unreachable.value;
  if (trouble === null) return <div role="alert" />;
  const taken = pack.value?.generated_at;
  return (
    <div role="alert" class="notice unreachable">
      <strong>The service does not answer</strong> ({trouble.problem}).{' '}
      {taken === undefined ? 'It is tried again every few seconds.' : 'The figures below are the last it gave, greyed:'}{' '}
      {taken !== undefined && (
        <span aria-live="off">
          {spanText((nowMs.value - Date.parse(taken)) / 1000)} old. It is tried again every few seconds.
        </span>
      )}
    </div>
  );
}
