/** Three decisions before Zoho asks its own: data centre, client, and go. */
import {
  ActionIcon,
  Button,
  CopyButton,
  PasswordInput,
  Radio,
  TextInput,
  Tooltip,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconCheck, IconCopy, IconExternalLink } from '@tabler/icons-react';
import { ApiProblem, wordsOf } from '@/lib/api';
import { tellError } from '@/lib/toast';
import { type ConnectOptions, useConnect } from '../api/connection';
import classes from './connect-form.module.css';
import { DataCentres } from './data-centres';

type ConnectFormProps = { options: ConnectOptions; leave?: (url: string) => void };

const FIELDS = ['data_centre', 'client_id', 'client_secret'] as const;

export function ConnectForm({ options, leave }: ConnectFormProps) {
  const connect = useConnect(leave);
  const form = useForm({
    initialValues: {
      data_centre: options.data_centre,
      client_id: options.client_id ?? '',
      client_secret: '',
    },
    validate: {
      client_id: (id) => (id.trim() === '' ? 'Give the id of your client.' : null),
      client_secret: (secret, { client_id: id }) =>
        secret === '' && id.trim() !== options.client_id
          ? 'Give the secret that belongs to this id.'
          : null,
    },
  });
  const isKept = options.client_id !== null && form.values.client_id.trim() === options.client_id;
  const submit = form.onSubmit(({ data_centre, client_id, client_secret }) => {
    const client =
      isKept && client_secret === '' ? {} : { client_id: client_id.trim(), client_secret };
    connect.mutate(
      { data_centre, ...client },
      {
        onError: (error) => {
          const named = error instanceof ApiProblem ? error.facts['field'] : undefined;
          const field = FIELDS.find((each) => each === named);
          if (field) form.setFieldError(field, wordsOf(error));
          else tellError(error, 'The sign-in could not begin');
        },
      },
    );
  });
  return (
    <form onSubmit={submit} noValidate>
      <Radio.Group
        classNames={{ label: classes.question ?? '', description: classes.hint ?? '' }}
        label="Where is your Zoho account?"
        description="It is the ending of the address where you use Zoho CRM."
        {...form.getInputProps('data_centre')}
      >
        <DataCentres centres={options.data_centres} chosen={form.values.data_centre} />
      </Radio.Group>
      <fieldset className={classes.client}>
        <legend className={classes.question}>Client of your Zoho API console</legend>
        <div className={classes.fields}>
          <TextInput
            label="Client ID"
            autoComplete="off"
            spellCheck={false}
            {...form.getInputProps('client_id')}
          />
          <PasswordInput
            label="Client secret"
            autoComplete="new-password"
            placeholder={isKept ? 'Kept here, encrypted' : ''}
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the secret' }}
            {...form.getInputProps('client_secret')}
          />
          <TextInput
            label="Redirect address"
            readOnly
            value={options.redirect_uri}
            description="Register it with the client, to the letter."
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            classNames={{ input: classes.readOnly ?? '' }}
            rightSection={<Copy value={options.redirect_uri} />}
          />
        </div>
      </fieldset>
      <div className={classes.go}>
        <Button
          type="submit"
          variant="filled"
          size="sm"
          loading={connect.isPending || connect.isSuccess}
          leftSection={<IconExternalLink size={16} stroke={1.7} aria-hidden />}
        >
          Continue to Zoho
        </Button>
        <span>You can disconnect at any time, here or at Zoho.</span>
      </div>
    </form>
  );
}

function Copy({ value }: { value: string }) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : 'Copy'}>
          <ActionIcon size={26} onClick={copy} aria-label="Copy the redirect address">
            {copied ? (
              <IconCheck size={15} stroke={1.7} aria-hidden />
            ) : (
              <IconCopy size={15} stroke={1.7} aria-hidden />
            )}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
