/** The fields that could not be saved: takes the focus, and leads to each of them. */
import { UnstyledButton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { counted } from '@/lib/format';
import { errorsIn } from '../lib/draft';
import { focusField } from '../lib/focus-field';
import { useEditing } from '../lib/use-deal-editing';
import classes from './refusal-summary.module.css';

export function RefusalSummary() {
  const { draft, fields, failure, refusals, open } = useEditing();
  const box = useRef<HTMLDivElement>(null);
  const errors = errorsIn(draft, fields);
  useEffect(() => {
    if (refusals > 0) box.current?.focus();
  }, [refusals]);
  // One field alone says it itself.
  if (open?.form !== true || (errors.length === 0 && failure === null)) return null;
  return (
    <div ref={box} className={classes.summary} role="alert" tabIndex={-1}>
      <IconAlertTriangle className={classes.icon} size={16} stroke={1.8} aria-hidden />
      <div>
        <strong>
          {failure === null
            ? `Nothing was saved: ${counted(errors.length, 'field')} cannot be taken.`
            : 'Nothing was saved.'}
        </strong>{' '}
        {failure}
        {errors.length > 0 && (
          <ul className={classes.fields}>
            {errors.map(({ name, label, error }) => (
              <li key={name}>
                <UnstyledButton
                  className={classes.field}
                  onClick={() => {
                    focusField(name);
                  }}
                >
                  {label}
                </UnstyledButton>
                : {error}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
