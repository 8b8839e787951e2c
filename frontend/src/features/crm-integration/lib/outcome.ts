/** What became of a sign-in at Zoho, in words: what happened, then what to do. */
import type { SignInOutcome } from '../api/connection';

type Words = { title: string; way: string };

/** Outcomes that made no connection; a made one is told by the page itself. */
const WORDS: Record<Exclude<SignInOutcome, 'connected' | 'incomplete'>, Words> = {
  denied: {
    title: 'You did not agree at Zoho.',
    way: 'Nothing was connected. Start again when you want to.',
  },
  signed_out: {
    title: 'You are not logged in as an admin at this address.',
    way: 'Open Pipeline Pulse at the address of the redirect, log in there, and connect again.',
  },
  unknown_state: {
    title: 'This answer belongs to no sign-in of yours.',
    way: 'It came from another browser or an old link, and was not used. Start again here.',
  },
  used: {
    title: 'This answer of Zoho was already used.',
    way: 'An answer counts once. If you are not connected, start again.',
  },
  expired: {
    title: 'The sign-in took longer than ten minutes.',
    way: 'Start again, and agree within ten minutes.',
  },
  no_code: {
    title: 'Zoho sent you back without a code.',
    way: 'Start again. If it stays, check the client in the Zoho API console.',
  },
  unknown_server: {
    title: 'The answer names an accounts server that is none of Zoho’s.',
    way: 'It was not called, and nothing was connected. Start again from here.',
  },
  code_refused: {
    title: 'Zoho refused the code of this sign-in.',
    way: 'A code works once and for two minutes. Start again, in the right data centre.',
  },
  client_refused: {
    title: 'Zoho does not know this client, or its secret is wrong.',
    way: 'Compare id and secret with the Zoho API console, and the data centre with the client’s.',
  },
  no_refresh_token: {
    title: 'Zoho gave no lasting permission.',
    way: 'Remove Pipeline Pulse from the connected apps of your Zoho account, then start again.',
  },
  scopes_missing: {
    title: 'Zoho did not grant what a sync needs.',
    way: 'Start again and agree to the whole list.',
  },
  permission_missing: {
    title: 'Your Zoho user may not use the API.',
    way: 'Ask the CRM’s administrator to allow API access in your profile, or sign in as another user.',
  },
  other_organisation: {
    title: 'That is another organisation.',
    way: 'Sign in to the one that is mirrored here. A second one needs an installation of its own.',
  },
  crm_unavailable: {
    title: 'Zoho did not answer.',
    way: 'Nothing was connected. Try again in a minute.',
  },
  failed: {
    title: 'Zoho refused the sign-in.',
    way: 'Start again. If it stays, check the client in the Zoho API console.',
  },
};

/** Returns the words of an outcome; undefined for a made connection and for words that are none of ours. */
export function outcomeWords(outcome: string): Words | undefined {
  return Object.hasOwn(WORDS, outcome) ? WORDS[outcome as keyof typeof WORDS] : undefined;
}
