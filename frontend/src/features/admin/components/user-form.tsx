/** Add a person, or change name and role of one. */
import { Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { FormDialog } from '@/components/form-dialog/form-dialog';
import { useAddUser, useChangeUser, type TemporaryPassword, type User } from '../api/users';
import { ROLE_MEANINGS, ROLE_WORDS, ROLES } from '../lib/words';

type RoleChoiceProps = {
  label: string;
  value: User['role'];
  onChange: (role: User['role']) => void;
};

export function RoleChoice({ label, value, onChange }: RoleChoiceProps) {
  return (
    <Radio.Group
      label={label}
      value={value}
      onChange={(chosen) => {
        const role = ROLES.find((each) => each === chosen);
        if (role) onChange(role);
      }}
    >
      <Stack gap={8} mt={6}>
        {ROLES.map((role) => (
          <Radio
            key={role}
            value={role}
            label={ROLE_WORDS[role]}
            description={ROLE_MEANINGS[role]}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}

type AddUserProps = { onClose: () => void; onAdded: (made: TemporaryPassword) => void };

export function AddUser({ onClose, onAdded }: AddUserProps) {
  const add = useAddUser();
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [role, setRole] = useState<User['role']>('viewer');
  return (
    <FormDialog
      title="Add a user"
      submit="Add user"
      isBusy={add.isPending}
      error={add.error}
      onClose={onClose}
      onSubmit={() => {
        add.mutate({ email, name, role }, { onSuccess: onAdded });
      }}
    >
      <TextInput
        label="E-mail"
        type="email"
        required
        withAsterisk={false}
        data-autofocus
        autoComplete="off"
        value={email}
        onChange={(event) => {
          setEmail(event.currentTarget.value);
        }}
      />
      <TextInput
        label="Name"
        description="As others see it"
        required
        withAsterisk={false}
        autoComplete="off"
        value={name}
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
      />
      <RoleChoice label="Role" value={role} onChange={setRole} />
    </FormDialog>
  );
}

export function ChangeUser({ user, onClose }: { user: User; onClose: () => void }) {
  const change = useChangeUser();
  const [name, setName] = useState(user.name);
  const [role, setRole] = useState(user.role);
  return (
    <FormDialog
      title={`Change ${user.name}`}
      submit="Save"
      isBusy={change.isPending}
      error={change.error}
      onClose={onClose}
      onSubmit={() => {
        change.mutate({ id: user.id, name, role }, { onSuccess: onClose });
      }}
    >
      <TextInput
        label="Name"
        required
        withAsterisk={false}
        data-autofocus
        autoComplete="off"
        value={name}
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
      />
      <RoleChoice label="Role" value={role} onChange={setRole} />
    </FormDialog>
  );
}
