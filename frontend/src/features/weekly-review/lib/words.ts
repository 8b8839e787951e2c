/** The weekly review's words. Pure. */
import { counted, formatDay, formatWhen, formatWhole, parseDay } from '@/lib/format';
import type { Group, ReviewDeal, ReviewInsight, ReviewMailing, WeeklyReview } from '../api/queries';

const range = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

type Week = WeeklyReview['week'];

/** `23 Feb – 1 Mar 2026`. */
export const weekWords = ({ monday, sunday }: Pick<Week, 'monday' | 'sunday'>): string =>
  range.formatRange(parseDay(monday), parseDay(sunday));

export const GROUP_TITLE: Record<Group, string> = {
  open: 'Open opportunities',
  created: 'New deals',
  won: 'Won',
  lost: 'Lost',
  updated: 'Updated in the week',
  not_updated: 'Not updated in the week',
  blocked: 'Blocked',
  overdue: 'Past closing date',
  realised: 'Revenue realised',
  at_risk: 'Revenue at risk',
  worse: 'Got worse',
  improved: 'Improved',
  new: 'New among the open',
  stable: 'Stable',
};

/** What a group is, in a sentence. */
export const GROUP_MEANING: Record<Group, string> = {
  open: 'Deals that are not lost and whose revenue is not recognised, at the week’s end.',
  created: 'Deals created in the CRM in the week.',
  won: 'Deals that became won in the week.',
  lost: 'Deals that became lost in the week.',
  updated: 'Open opportunities that somebody changed in the week, in the CRM or here.',
  not_updated: 'Open opportunities that nobody changed in the week.',
  blocked: 'Open opportunities with an open blocker at the week’s end.',
  overdue: 'Open opportunities whose closing date had passed at the week’s end.',
  realised: 'Deals whose revenue was recognised on a day of the week.',
  at_risk: 'Open opportunities that are blocked or at risk at the week’s end.',
  worse: 'Their health, or of equal health their score, is lower than a week before.',
  improved: 'Their health, or of equal health their score, is higher than a week before.',
  new: 'No open opportunities a week before: created since, reopened or restored.',
  stable: 'Health and score are as a week before.',
};

/** Why a deal stands in its list: what came, else what went, else what is wrong. */
export function whyOf({ move, came, went, brief }: ReviewDeal): string {
  if (move === 'improved' && went.length > 0) return `No more: ${went.join(', ')}`;
  if (came.length > 0) return came.join(', ');
  return brief ?? 'No signal';
}

/** What the week is compared with, and whether it still moves. */
export function stateWords(week: Week, now: Date): string {
  const until = `${formatDay(week.sunday, now)}, midnight`;
  switch (week.state) {
    case 'running':
      return 'The week runs: figures are of now, and so far.';
    case 'settling':
      return `As of ${until}. The CRM is not yet read past it, so figures may still move.`;
    case 'settled':
      return `As of ${until}. It changes no more, unless the CRM tells later of edits made before.`;
  }
}

/** `5 action items are overdue`; null where none is. */
export function overdueActions({ actions }: WeeklyReview): string | null {
  if (actions.overdue === 0) return null;
  return `${counted(actions.overdue, 'action item')} ${actions.overdue === 1 ? 'is' : 'are'} overdue`;
}

export const TONE_WORD: Record<ReviewInsight['tone'], string> = {
  good: 'Good',
  bad: 'Bad',
  plain: 'Told',
};

const DAY_MS = 86_400_000;

/** `today`, `tomorrow`, `3 d overdue`, `21 Aug`: a due date as seen on a day. */
export function dueWords(due: string, today: string, now: Date): string {
  const days = Math.round((Date.parse(due) - Date.parse(today)) / DAY_MS);
  if (days < 0) return `${formatWhole(-days)} d overdue`;
  if (days < 2) return days === 0 ? 'today' : 'tomorrow';
  return formatDay(due, now);
}

const DAY_NAME: Record<ReviewMailing['weekday'], string> = {
  monday: 'Mondays',
  tuesday: 'Tuesdays',
  wednesday: 'Wednesdays',
  thursday: 'Thursdays',
  friday: 'Fridays',
  saturday: 'Saturdays',
  sunday: 'Sundays',
};

export const NO_MAIL_SERVER =
  'There is no mail server, so reviews cannot be sent: whoever runs Pipeline Pulse sets PULSE_SMTP_HOST and PULSE_SMTP_FROM and starts it again.';

/** When the review goes out by itself, and to how many. */
export function scheduleWords({ is_set_up, is_on, ...mailing }: ReviewMailing): string {
  if (!is_set_up) return NO_MAIL_SERVER;
  if (!is_on) return 'The review does not go out by mail by itself.';
  const hour = `${String(mailing.hour).padStart(2, '0')}:00`;
  return `The review of the last week goes out by mail on ${DAY_NAME[mailing.weekday]} from ${hour} in ${mailing.zone}, to ${counted(mailing.recipients, 'person', 'people')}.`;
}

/** What became of the mailing to all that came last; null where there was none. */
export function lastMailWords({ last }: ReviewMailing, now: Date): string | null {
  if (last === null) return null;
  const week = `the week of ${formatDay(last.week, now)}`;
  const when = formatWhen(new Date(last.mailed_at ?? last.asked_at), now);
  if (last.failure !== null) return `The review of ${week} waits: ${last.failure}`;
  if (last.mailed_at === null) return `The review of ${week} is on its way.`;
  const letters = last.letters ?? 0;
  const whom = counted(letters, 'person', 'people');
  if (last.taken === null) return `The review of ${week} is being sent to ${whom}.`;
  if (last.taken < letters) {
    return `The review of ${week} went out ${when}; the mail server refused ${formatWhole(letters - last.taken)} of ${formatWhole(letters)} letters.`;
  }
  return `The review of ${week} went to ${whom}, ${when}.`;
}
