/** What choices of settings are called where their values say too little. */
import { shown } from './words';

const POLICIES = {
  ask: 'Ask: someone decides',
  crm_wins: 'CRM wins: the edit here is dropped',
  local_wins: 'Local wins: the CRM is overwritten',
  newest_wins: 'Newest wins, by the CRM’s timeline',
};

const CHOICE_WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'sync.interval_minutes': {
    '15': '15 minutes',
    '30': '30 minutes',
    '60': '60 minutes',
    null: 'By hand only',
  },
  'sync.mode': {
    bidirectional: 'Both directions',
    crm_to_local: 'CRM to local only',
    local_to_crm: 'Local to CRM only',
  },
  'review.mail_weekday': Object.fromEntries(
    ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [
      day,
      `${day.charAt(0).toUpperCase()}${day.slice(1)}`,
    ]),
  ),
  'review.recipients.least_role': {
    viewer: 'Everybody who logs in',
    editor: 'Editors and admins',
    admin: 'Admins',
    null: 'Nobody',
  },
  'conflicts.policy': POLICIES,
  'conflicts.field_policies': POLICIES,
};

/** Returns a value of a setting as its choice is called. */
export const choiceWords = (settingKey: string, value: unknown): string =>
  CHOICE_WORDS[settingKey]?.[String(value)] ?? shown(value);
