/** The present password and the new one, typed twice. */
import { Button, PasswordInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { useChangePassword } from '../api/account';
import { changeRefusalOf } from '../lib/words';
import classes from './form.module.css';
import { Refusal } from './refusal';

const SHORTEST = 12;
const TOGGLE = { 'aria-label': 'Show what is typed' };

type PasswordFormProps = {
  /** What the present password is called. */
  present: string;
  submit: string;
  isFilled?: boolean;
  onDone: (sessionsEnded: number) => void;
};

export function PasswordForm({ present, submit, isFilled = false, onDone }: PasswordFormProps) {
  const change = useChangePassword();
  const [current, setCurrent] = useState('');
  const [wanted, setWanted] = useState('');
  const [again, setAgain] = useState('');
  const isDifferent = again !== '' && again !== wanted;

  const send = (event: SyntheticEvent) => {
    event.preventDefault();
    if (wanted !== again) return;
    change.mutate(
      { current_password: current, new_password: wanted },
      {
        onSuccess: ({ sessions_ended: ended }) => {
          setCurrent('');
          setWanted('');
          setAgain('');
          onDone(ended);
        },
      },
    );
  };

  return (
    <form className={classes.form} onSubmit={send}>
      {change.isError && <Refusal>{changeRefusalOf(change.error)}</Refusal>}
      <PasswordInput
        label={present}
        autoComplete="current-password"
        required
        withAsterisk={false}
        visibilityToggleButtonProps={TOGGLE}
        value={current}
        onChange={(event) => {
          setCurrent(event.currentTarget.value);
        }}
      />
      <PasswordInput
        label="New password"
        description={`At least ${String(SHORTEST)} characters. A few words do well.`}
        autoComplete="new-password"
        required
        withAsterisk={false}
        minLength={SHORTEST}
        visibilityToggleButtonProps={TOGGLE}
        value={wanted}
        onChange={(event) => {
          setWanted(event.currentTarget.value);
        }}
      />
      <PasswordInput
        label="New password again"
        autoComplete="new-password"
        required
        withAsterisk={false}
        visibilityToggleButtonProps={TOGGLE}
        error={isDifferent && 'The two are not the same.'}
        value={again}
        onChange={(event) => {
          setAgain(event.currentTarget.value);
        }}
      />
      <Button
        type="submit"
        variant={isFilled ? 'filled' : 'default'}
        justify="center"
        loading={change.isPending}
      >
        {submit}
      </Button>
    </form>
  );
}
