/**
 * The `test` of this folder: a page of somebody who is logged in, the CRM behind it, and a watch
 * over what the browser complains about.
 */
import { type APIRequestContext, test as base, expect } from '@playwright/test';
import { Crm } from './crm';
import { FACTS } from './global-setup';
import { logInByApi } from './pages.mjs';
import type { Facts } from './stack';
import type { User } from './users.mjs';

type Role = User['role'];
type Cookies = Awaited<ReturnType<APIRequestContext['storageState']>>;

type Options = {
  /** Who is logged in; null for nobody. */
  role: Role | null;
  /** Complaints of the browser that a test brings about on purpose. */
  expectedErrors: RegExp[];
};

type Fixtures = { facts: Facts; crm: Crm; api: APIRequestContext; userOf: (role: Role) => User };
type Own = { complaints: string[] };
type Shared = { sharedFacts: Facts; cookiesOf: (role: Role) => Promise<Cookies> };

function known(facts: Facts, role: Role): User {
  const user = facts.users.find((each) => each.role === role);
  if (user === undefined) throw new Error(`the demo has no ${role}`);
  return user;
}

export const test = base.extend<Options & Fixtures & Own, Shared>({
  role: ['editor', { option: true }],
  expectedErrors: [[], { option: true }],

  sharedFacts: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what is needed
    async ({}, use) => {
      await use(JSON.parse(process.env[FACTS] ?? '') as Facts);
    },
    { scope: 'worker' },
  ],
  cookiesOf: [
    async ({ sharedFacts, playwright }, use) => {
      const byRole = new Map<Role, Promise<Cookies>>();
      const logIn = async (role: Role): Promise<Cookies> => {
        const request = await playwright.request.newContext({
          baseURL: sharedFacts.api_url,
          // Else it is the cookies of whoever the test is about.
          storageState: { cookies: [], origins: [] },
        });
        await logInByApi(request, known(sharedFacts, role));
        const cookies = await request.storageState();
        await request.dispose();
        return cookies;
      };
      await use((role) => {
        const cookies = byRole.get(role) ?? logIn(role);
        byRole.set(role, cookies);
        return cookies;
      });
    },
    { scope: 'worker' },
  ],

  facts: async ({ sharedFacts }, use) => {
    await use(sharedFacts);
  },
  baseURL: async ({ facts }, use) => {
    await use(facts.api_url);
  },
  storageState: async ({ role, cookiesOf }, use) => {
    await use(role === null ? undefined : await cookiesOf(role));
  },
  userOf: async ({ facts }, use) => {
    await use((role) => known(facts, role));
  },
  crm: async ({ facts }, use) => {
    const crm = new Crm(facts);
    await use(crm);
    await crm.heals();
    await crm.latency(0);
  },
  // An admin's own calls, to bring about what a page then shows.
  api: async ({ facts, cookiesOf, playwright }, use) => {
    const request = await playwright.request.newContext({
      baseURL: facts.api_url,
      storageState: await cookiesOf('admin'),
      extraHTTPHeaders: { Origin: facts.api_url },
    });
    await use(request);
    await request.dispose();
  },
  complaints: [
    async ({ context, expectedErrors, role }, use) => {
      const complaints: string[] = [];
      context.on('console', (message) => {
        if (message.type() === 'error') {
          complaints.push(`${message.text()} (${message.location().url})`);
        }
      });
      context.on('weberror', (failure) => complaints.push(String(failure.error())));
      await use(complaints);
      const expected = [...expectedErrors];
      // The browser logs each 401; the app can learn in no other way that nobody is logged in.
      if (role === null) expected.push(/status of 401 .*\/api\/auth\/me/);
      const unexpected = complaints.filter((text) => !expected.some((each) => each.test(text)));
      expect(unexpected, 'complaints of the browser').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
