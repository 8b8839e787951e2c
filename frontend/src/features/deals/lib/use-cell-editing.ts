/** Which cell is being edited, and what becomes of what was typed there. */
import { useState } from 'react';
import { ApiProblem, wordsOf } from '@/lib/api';
import { useMay } from '@/lib/queries/session';
import { tellError } from '@/lib/toast';
import { tellUndoable } from '@/lib/undo';
import { useEditDeal } from '../api/edit';
import type { ColumnLine, DealRow } from '../api/queries';
import type { Draft, SavedCell } from '../components/cell-editor';
import { withEdit } from './shown-edit';

export type Editing = { id: string; column: ColumnLine; draft: Draft | null };

export type CellEditing = {
  editing: Editing | null;
  mayEdit: (row: DealRow, column: ColumnLine) => boolean;
  /** Returns whether the cell can be edited, and if so opens its editor. */
  begin: (row: DealRow, column: ColumnLine) => boolean;
  leave: () => void;
  save: (saved: SavedCell) => void;
};

/** `isPast`: rows are of a past moment, so there is nothing to edit. */
export function useCellEditing(isPast: boolean): CellEditing {
  const [editing, setEditing] = useState<Editing | null>(null);
  const isEditor = useMay('editor');
  const edit = useEditDeal();

  const mayEdit = (row: DealRow, column: ColumnLine): boolean =>
    isEditor &&
    !isPast &&
    row.state !== 'deleted' &&
    typeof column.api_name === 'string' &&
    column.read_only_reason === null;

  const begin = (row: DealRow, column: ColumnLine): boolean => {
    const may = mayEdit(row, column);
    if (may) setEditing({ id: row.id, column, draft: null });
    return may;
  };

  const save = ({ field, value, chosen }: SavedCell): void => {
    const name = editing?.column.api_name;
    if (editing === null || typeof name !== 'string') return;
    const { id, column } = editing;
    setEditing(null);
    edit.mutate(
      {
        id,
        fields: { [name]: value },
        shown: withEdit(column, { field, value, chosen, at: new Date() }),
      },
      {
        onSuccess: ({ changed, cancelled, before }) => {
          if (changed.length + cancelled.length === 0) return;
          const told =
            changed.length > 0 ? 'saved, waiting for the CRM.' : 'is back at the agreed value.';
          tellUndoable(`${field.label} ${told}`, () => {
            edit.mutate(
              { id, fields: before },
              {
                onError: (error) => {
                  tellError(error, `${field.label} could not be put back.`);
                },
              },
            );
          });
        },
        onError: (error) => {
          const refused =
            error instanceof ApiProblem ? error.fields.find((each) => each.field === name) : null;
          // What was typed is kept: the editor opens with it and says why it was refused.
          setEditing({ id, column, draft: { value, error: refusalWords(error, refused) } });
        },
      },
    );
  };

  return {
    editing,
    mayEdit,
    begin,
    leave: () => {
      setEditing(null);
    },
    save,
  };
}

const refusalWords = (
  error: Error,
  refused: { message: string; fix?: string | null } | null | undefined,
): string => (refused ? [refused.message, refused.fix].filter(Boolean).join(' ') : wordsOf(error));
