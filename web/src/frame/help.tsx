import { useEffect, useRef } from 'preact/hooks';
import { helpOpen } from '../state/view';

const KEYS = [
  ['g t', 'Trust'],
  ['g p', 'Treasury'],
  ['/', 'Find a dataset or a subnet'],
  ['.', 'Hide or show amounts'],
  ['?', 'This list'],
] as const;

const WORDS = [
  ['on time', 'the last sync succeeded within its rhythm'],
  ['on track', 'late or failing, and tried again in time'],
  ['late', 'more than one interval overdue'],
  ['error', 'more than two intervals overdue, or never synced'],
  ['protected', 'TaoStats sent an answer that cannot be right; the last good rows stand'],
  ['syncing', 'a run is at work'],
  ['pending', 'not synced yet'],
  ['action required', 'only a person can mend it: the key'],
] as const;

/** The keys of the page and the words it uses for the state of a dataset. */
export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = helpOpen.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} aria-labelledby="help-title" onClose={() => (helpOpen.value = false)}>
      <h2 id="help-title">Keys and words</h2>
      <dl class="keys">
        {KEYS.map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <dl class="words">
        {WORDS.map(([word, meaning]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="main" onClick={() => (helpOpen.value = false)}>
        Close
      </button>
    </dialog>
  );
}
