/** What people wrote about the deal, newest first. */
import { ActionIcon, Menu, Textarea } from '@mantine/core';
import { IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { Avatar } from '@/components/avatar/avatar';
import { FormDialog } from '@/components/form-dialog/form-dialog';
import { Section } from '@/components/page/section';
import { Moment } from '@/components/time/moment';
import { formatWhole } from '@/lib/format';
import { useMay } from '@/lib/queries/session';
import { tellError } from '@/lib/toast';
import { tellUndoable } from '@/lib/undo';
import { type Comment, useAddComment, useChangeComment } from '../api/queries';
import classes from './lists.module.css';

const LONGEST = 4000;

export function Comments({ comments }: { comments: readonly Comment[] }) {
  const [edited, edit] = useState<Comment | null>(null);
  return (
    <Section title="Comments" hint={formatWhole(comments.length)}>
      <ul className={classes.list}>
        {comments.map((comment) => (
          <li key={comment.id} className={classes.comment}>
            <Avatar name={comment.author} size={22} />
            <div>
              <p className={classes.text}>{comment.text}</p>
              <span className={classes.by}>
                {comment.author}, <Moment at={comment.created_at} as="when" />
                {comment.edited_at !== null && ', edited'}
              </span>
            </div>
            <CommentMenu comment={comment} onEdit={edit} />
          </li>
        ))}
        {comments.length === 0 && <li className={classes.nothing}>Nobody has commented yet.</li>}
      </ul>
      {edited !== null && (
        <EditComment
          comment={edited}
          onClose={() => {
            edit(null);
          }}
        />
      )}
    </Section>
  );
}

function CommentMenu({ comment, onEdit }: { comment: Comment; onEdit: (one: Comment) => void }) {
  const mayEdit = useMay('editor');
  const change = useChangeComment();
  const restore = useChangeComment();
  if (!mayEdit || (!comment.is_mine && !comment.may_delete)) return null;
  const remove = (): void => {
    change.mutate(
      { id: comment.id, isDeleted: true },
      {
        onSuccess: () => {
          tellUndoable('Comment deleted.', () => {
            restore.mutate(
              { id: comment.id, isDeleted: false },
              {
                onError: (error) => {
                  tellError(error, 'The comment is still deleted.');
                },
              },
            );
          });
        },
        onError: (error) => {
          tellError(error, 'The comment was not deleted.');
        },
      },
    );
  };
  return (
    <Menu position="bottom-end" width={140}>
      <Menu.Target>
        <ActionIcon size={24} aria-label={`Change the comment of ${comment.author}`}>
          <IconDots size={15} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {comment.is_mine && (
          <Menu.Item
            leftSection={<IconPencil size={15} stroke={1.7} aria-hidden />}
            onClick={() => {
              onEdit(comment);
            }}
          >
            Edit
          </Menu.Item>
        )}
        {comment.may_delete && (
          <Menu.Item
            leftSection={<IconTrash size={15} stroke={1.7} aria-hidden />}
            onClick={remove}
          >
            Delete
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

export function CommentForm({ dealId, onClose }: { dealId: string; onClose: () => void }) {
  const [text, setText] = useState('');
  const add = useAddComment(dealId);
  const change = useChangeComment();
  return (
    <FormDialog
      title="Comment on the deal"
      submit="Add comment"
      isBusy={add.isPending}
      error={add.error}
      onClose={onClose}
      onSubmit={() => {
        add.mutate(text, {
          onSuccess: (comment) => {
            onClose();
            tellUndoable('Comment added.', () => {
              change.mutate(
                { id: comment.id, isDeleted: true },
                {
                  onError: (error) => {
                    tellError(error, 'The comment stays.');
                  },
                },
              );
            });
          },
        });
      }}
    >
      <Words label="Comment" text={text} onChange={setText} />
    </FormDialog>
  );
}

function EditComment({ comment, onClose }: { comment: Comment; onClose: () => void }) {
  const [text, setText] = useState(comment.text);
  const change = useChangeComment();
  return (
    <FormDialog
      title="Edit your comment"
      submit="Save comment"
      isBusy={change.isPending}
      error={change.error}
      onClose={onClose}
      onSubmit={() => {
        change.mutate({ id: comment.id, text }, { onSuccess: onClose });
      }}
    >
      <Words label="Comment" text={text} onChange={setText} />
    </FormDialog>
  );
}

function Words(props: { label: string; text: string; onChange: (text: string) => void }) {
  return (
    <Textarea
      label={props.label}
      value={props.text}
      onChange={(event) => {
        props.onChange(event.currentTarget.value);
      }}
      description="Everybody who logs in here can read it. Ctrl+Enter saves."
      maxLength={LONGEST}
      autosize
      minRows={3}
      maxRows={12}
      required
      data-autofocus
    />
  );
}
