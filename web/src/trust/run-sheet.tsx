import { useEffect, useRef } from 'preact/hooks';
import type { TrustHistory } from '../api/trust-history';
import { nameText } from '../format/figure';
import { closeRuns, openDataset, openedRuns, pointedRun } from '../state/run-sheet';
import { RunDetails } from './run-history';
import { beatsText } from './words';

/** Every run of one dataset at the side of the page, with the one that was pointed at open. */
export function RunSheet({ history }: { history: TrustHistory | null }) {
  const sheet = useRef<HTMLDialogElement>(null);
  const dataset = openDataset.value;
  useEffect(() => {
    if (dataset === null) sheet.current?.close();
    else if (sheet.current?.open === false) sheet.current.showModal();
  }, [dataset]);
  const shown = openedRuns.value?.dataset === dataset ? openedRuns.value : null;
  const pointed = pointedRun.value;
  useEffect(() => {
    if (pointed !== null && shown !== null) document.getElementById(`sheet-${pointed}`)?.scrollIntoView();
  }, [pointed, shown === null]);
  const beats = dataset === null ? [] : (history?.datasets[dataset]?.beats ?? []);
  return (
    <dialog ref={sheet} class="sheet" aria-labelledby="sheet-title" onClose={closeRuns}>
      {dataset !== null && (
        <>
          <header>
            <h2 id="sheet-title">Runs of {nameText(dataset)}</h2>
            <button type="button" onClick={closeRuns}>
              Close
            </button>
          </header>
          <p class="remark">{beatsText(beats.map((beat) => beat.state))}</p>
          {shown === null ? (
            <p class="empty">Reading its runs…</p>
          ) : (
            <div class="runs">
              {shown.runs.map((run) => (
                <div key={run.id} id={`sheet-${run.id}`}>
                  <RunDetails run={run} open={run.id === pointed} />
                </div>
              ))}
            </div>
          )}
          {shown?.runs.length === 0 && <p class="empty">No run yet.</p>}
        </>
      )}
    </dialog>
  );
}
