/** Toasts: one line in the past tense, one action at most. Errors stay until they are closed. */
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { createElement, type ReactNode } from 'react';
import { wordsOf } from './api';

const SHOWN_MS = 5_000;

/** Tells that something happened. `action` may undo or show it. */
export function tell(message: ReactNode): void {
  notifications.show({
    message,
    icon: createElement(IconCheck, { size: 16, stroke: 1.7, 'aria-hidden': true }),
    color: 'ink',
    autoClose: SHOWN_MS,
  });
}

/** Tells that what a person asked for failed, with what to do. */
export function tellError(error: Error, what: string): void {
  notifications.show({
    title: what,
    message: wordsOf(error),
    icon: createElement(IconAlertTriangle, { size: 16, stroke: 1.7, 'aria-hidden': true }),
    color: 'red',
    autoClose: false,
    role: 'alert',
  });
}
