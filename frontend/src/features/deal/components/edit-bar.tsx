/** What stands at the foot of a deal while its form is open: what would be saved, save, leave. */
import { Button, Kbd } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Confirm } from '@/components/confirm/confirm';
import { counted } from '@/lib/format';
import { listed } from '../lib/listed';
import { focusField } from '../lib/focus-field';
import { useEditing } from '../lib/use-deal-editing';
import classes from './edit-bar.module.css';

export function EditBar() {
  const { changed, isAway, save, leave } = useEditing();
  useFormKeys();
  useEffect(() => {
    // Whoever pressed E goes on typing; where a refusal opened the form, its summary has the focus.
    if (document.activeElement?.closest('[role="alert"]') == null) focusField();
  }, []);
  return (
    <div className={classes.bar} role="group" aria-label="Save or leave">
      <p className={classes.words} data-away={isAway || undefined} aria-live="polite">
        {isAway
          ? 'No connection to Pipeline Pulse. Saving is off; what you typed stays.'
          : changed.length === 0
            ? 'Nothing changed yet.'
            : `${counted(changed.length, 'field')} changed: ${listed(changed.map(({ label }) => label))}`}
      </p>
      <div className={classes.buttons}>
        <Button onClick={leave} rightSection={<Kbd size="xs">Esc</Kbd>}>
          Leave
        </Button>
        <Button
          variant="filled"
          disabled={changed.length === 0 || isAway}
          onClick={() => {
            save();
          }}
          rightSection={
            <Kbd size="xs" className={classes.key}>
              Ctrl+Enter
            </Kbd>
          }
        >
          Save
        </Button>
      </div>
    </div>
  );
}

/** Ctrl+Enter saves and Esc leaves, wherever on the page the focus is. */
function useFormKeys(): void {
  const editing = useEditing();
  const latest = useRef(editing);
  useEffect(() => {
    latest.current = editing;
  });
  useEffect(() => {
    // Before the inputs: an open list of options takes Esc for itself, and by then it is closed.
    const onKey = (event: KeyboardEvent): void => {
      const { isAsking, isAway, save, leave } = latest.current;
      if (isAsking || isElsewhere(event.target)) return;
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        event.stopPropagation();
        if (!isAway) save();
      } else if (event.key === 'Escape') leave();
    };
    window.addEventListener('keydown', onKey, true);
    return () => {
      window.removeEventListener('keydown', onKey, true);
    };
  }, []);
}

/** A list of options, a menu or a dialog that is open takes the keys. */
const isElsewhere = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.getAttribute('aria-expanded') === 'true' ||
    target.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null);

/** Asks before what was typed is lost. */
export function LeaveQuestion() {
  const { isAsking, changed, stay, discard } = useEditing();
  return (
    <Confirm
      isOpen={isAsking}
      onClose={stay}
      title="Leave without saving?"
      keep="Keep editing"
      confirm="Leave"
      onConfirm={discard}
      isRed
    >
      What you typed in {listed(changed.map(({ label }) => label))} is lost.
    </Confirm>
  );
}
