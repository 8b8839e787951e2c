/** What a person reads of a refused log-in. */
import { ApiProblem, wordsOf } from '@/lib/api';
import { counted, formatClock } from '@/lib/format';

/** Returns the words of a refused log-in, in the reader's own time. */
export function refusalOf(error: Error): string {
  if (error instanceof ApiProblem) {
    const { tries_left: left, locked_until: until } = error.facts;
    if (error.code === 'login_locked' && typeof until === 'string') {
      return `Too many tries. Try again at ${formatClock(new Date(until))} or ask an admin.`;
    }
    if (error.code === 'wrong_password' && typeof left === 'number') {
      return `E-mail or password is wrong. ${counted(left, 'try', 'tries')} left.`;
    }
  }
  return wordsOf(error);
}

/** Returns the words for a refused change of one's password. */
export function changeRefusalOf(error: Error): string {
  if (error instanceof ApiProblem) {
    const left = error.facts['tries_left'];
    if (error.code === 'wrong_password' && typeof left === 'number') {
      return `Your present password is wrong. ${counted(left, 'try', 'tries')} left.`;
    }
    if (error.code === 'login_locked') return refusalOf(error);
    if (error.code === 'weak_password') return error.message.replace(/^new_password: /, '');
  }
  return wordsOf(error);
}

/** Returns where to go after the log-in: only a path of this app, whatever the address says. */
export function nextOf(search: URLSearchParams): string {
  const next = search.get('next');
  if (!next?.startsWith('/')) return '/';
  const url = new URL(next, window.location.origin);
  return url.origin === window.location.origin ? url.pathname + url.search + url.hash : '/';
}
