/** Words to look for in name, account and owner (`/`); the address follows as one types. */
import { Kbd, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useShortcuts } from '@/lib/keys';
import classes from './search-box.module.css';

const TYPED_MS = 200;

type SearchBoxProps = { text: string; onSearch: (text: string) => void };

export function SearchBox({ text, onSearch }: SearchBoxProps) {
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(text);
  const [last, setLast] = useState(text);
  if (last !== text) {
    // The address changed by other means: a link, the way back, "Clear filters".
    setLast(text);
    if (typed.trim() !== text) setTyped(text);
  }
  const search = useDebouncedCallback(onSearch, TYPED_MS);
  useShortcuts([
    {
      keys: '/',
      does: 'Search in the deals',
      run: () => {
        field.current?.focus();
        field.current?.select();
      },
    },
  ]);
  return (
    <TextInput
      ref={field}
      type="search"
      className={classes.search ?? ''}
      aria-label="Search deals by name, account or owner"
      placeholder="Name, account, owner"
      maxLength={200}
      leftSection={<IconSearch size={15} stroke={1.7} aria-hidden />}
      rightSection={
        typed === '' ? (
          <Kbd size="xs" className={classes.key ?? ''} aria-hidden>
            /
          </Kbd>
        ) : null
      }
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        search(event.currentTarget.value.trim());
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          setTyped('');
          onSearch('');
          field.current?.blur();
        }
      }}
    />
  );
}
