/** Log in, then go to the page that was asked for. */
import {
  Button,
  PasswordInput,
  TextInput,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { IconMoon, IconSun } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type SyntheticEvent, useEffect, useRef, useState } from 'react';
import { Navigate, useNavigate, useSearchParams } from 'react-router';
import { meQuery } from '@/lib/queries/session';
import { useLogIn } from './api/account';
import { BarePage } from './components/bare-page';
import classes from './components/form.module.css';
import { Refusal } from './components/refusal';
import { nextOf, refusalOf } from './lib/words';

export default function LoginPage() {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const logIn = useLogIn();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const emailField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  // Nobody comes here for anything else.
  useEffect(() => {
    emailField.current?.focus();
  }, []);
  // Whoever comes by with a session need not log in once more.
  const me = useQuery({ ...meQuery, refetchInterval: false, enabled: !logIn.isPending });
  const next = nextOf(search);
  if (me.isSuccess && !logIn.isPending) return <Navigate to={next} replace />;

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    logIn.mutate(
      { email, password },
      {
        onSuccess: () => void navigate(next, { replace: true }),
        onError: () => {
          setPassword('');
          passwordField.current?.focus();
        },
      },
    );
  };

  return (
    <BarePage title="Log in">
      <form className={classes.form} onSubmit={submit}>
        {logIn.isError && <Refusal>{refusalOf(logIn.error)}</Refusal>}
        <TextInput
          size="md"
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          required
          withAsterisk={false}
          ref={emailField}
          value={email}
          onChange={(event) => {
            setEmail(event.currentTarget.value);
          }}
        />
        <PasswordInput
          ref={passwordField}
          size="md"
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
          value={password}
          onChange={(event) => {
            setPassword(event.currentTarget.value);
          }}
        />
        <Button type="submit" variant="filled" size="md" fullWidth loading={logIn.isPending}>
          Log in
        </Button>
      </form>
      <p className={classes.foot}>
        <span>Forgotten? Ask an admin for a reset.</span>
        <ThemeSwitch />
      </p>
    </BarePage>
  );
}

function ThemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  const Icon = isDark ? IconSun : IconMoon;
  return (
    <button
      type="button"
      className={classes.theme}
      onClick={() => {
        setColorScheme(isDark ? 'light' : 'dark');
      }}
    >
      <Icon size={16} stroke={1.7} aria-hidden />
      {isDark ? 'Light' : 'Dark'}
    </button>
  );
}
