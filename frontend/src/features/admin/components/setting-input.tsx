/** Edits a value by its kind; a kind that is not known is shown, not edited. */
import { NumberInput, Select, Switch, TextInput } from '@mantine/core';
import { kindOf, named, type SettingKind } from '../lib/setting-kind';
import { choiceWords } from '../lib/choice-words';
import { shown } from '../lib/words';
import { FieldChoices } from './field-choices';
import { NamedFields } from './named-fields';
import classes from './setting-row.module.css';

type SettingInputProps = {
  settingKey: string;
  /** Names the field for screen readers; it stands as a heading beside it. */
  label: string;
  kind: SettingKind;
  value: unknown;
  onChange: (value: unknown) => void;
  isLabelShown?: boolean;
  description?: string | undefined;
};

export function SettingInput(props: SettingInputProps) {
  const { settingKey, label, kind, value, onChange, isLabelShown = false, description } = props;
  const name = isLabelShown ? { label, description } : { 'aria-label': label };
  switch (kind.kind) {
    case 'choice':
      return (
        <Select
          {...name}
          allowDeselect={false}
          data={kind.options.map((option) => ({
            value: String(option),
            label: choiceWords(settingKey, option),
          }))}
          value={String(value)}
          onChange={(chosen) => {
            onChange(kind.options.find((option) => String(option) === chosen) ?? null);
          }}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...name}
          allowDecimal={!kind.isWhole}
          clampBehavior="none"
          step={kind.isWhole ? 1 : 0.05}
          {...(kind.min === undefined ? {} : { min: kind.min })}
          {...(kind.max === undefined ? {} : { max: kind.max })}
          placeholder={kind.mayBeEmpty ? 'Built-in' : ''}
          value={typeof value === 'number' ? value : ''}
          onChange={(typed) => {
            onChange(typed === '' ? null : typed);
          }}
        />
      );
    case 'switch':
      return (
        <Switch
          {...name}
          checked={value === true}
          onChange={(event) => {
            onChange(event.currentTarget.checked);
          }}
        />
      );
    case 'text':
      return (
        <TextInput
          {...name}
          autoComplete="off"
          {...(kind.maxLength === undefined ? {} : { maxLength: kind.maxLength })}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => {
            onChange(event.currentTarget.value);
          }}
        />
      );
    case 'group': {
      const values = (value ?? {}) as Readonly<Record<string, unknown>>;
      return (
        <div className={classes.group} role="group" aria-label={label}>
          {kind.members.map((member) => (
            <SettingInput
              key={member.name}
              settingKey={`${settingKey}.${member.name}`}
              label={named(member.name)}
              description={
                typeof member.shape['description'] === 'string'
                  ? member.shape['description']
                  : undefined
              }
              isLabelShown
              kind={kindOf(member.shape)}
              value={values[member.name]}
              onChange={(next) => {
                onChange({ ...values, [member.name]: next });
              }}
            />
          ))}
        </div>
      );
    }
    case 'fields':
      return (
        <FieldChoices
          settingKey={settingKey}
          label={label}
          options={kind.options}
          value={(value ?? {}) as Readonly<Record<string, unknown>>}
          onChange={onChange}
        />
      );
    case 'named-fields':
      return (
        <NamedFields
          label={label}
          names={kind.names}
          value={(value ?? {}) as Readonly<Record<string, unknown>>}
          onChange={onChange}
        />
      );
    case 'unknown':
      return <span>{shown(value)}</span>;
  }
}
