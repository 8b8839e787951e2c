/** The one way to the server: typed by the schema, and every failure is an error that can be shown. */
import createClient from 'openapi-fetch';
import type { components, paths } from '@/api/schema';

export type Schema = components['schemas'];

export type FieldProblem = { field: string; message: string; fix?: string | null };

/** The server refused: what is wrong, what to do, and the facts that came with it (RFC 9457). */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly fix: string | undefined;
  readonly fields: readonly FieldProblem[];
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(status: number, problem: Record<string, unknown>) {
    super(
      typeof problem['detail'] === 'string' ? problem['detail'] : `The server answered ${status}.`,
    );
    this.name = 'ApiProblem';
    this.status = status;
    this.code = typeof problem['code'] === 'string' ? problem['code'] : `http_${status}`;
    this.fix = typeof problem['fix'] === 'string' ? problem['fix'] : undefined;
    this.fields = Array.isArray(problem['errors']) ? (problem['errors'] as FieldProblem[]) : [];
    this.facts = problem;
  }
}

/** Nobody answered, or only the proxy before the server did. */
class ServerAwayError extends Error {
  constructor() {
    super('No connection to Pipeline Pulse.');
    this.name = 'ServerAwayError';
  }
}

const GATEWAY = new Set([502, 503, 504]);

export const api = createClient<paths>({
  // An address of its own is only needed where there is no page, as in tests.
  baseUrl: window.location.origin,
  // Looked up at each call: tests replace it.
  fetch: (request) => globalThis.fetch(request),
});

type Answer<T> = { data?: T; error?: unknown; response: Response };

/**
 * Returns the data of an answer.
 *
 * @throws ApiProblem if the server refused
 * @throws ServerAwayError if nobody answered
 */
export async function answered<T>(call: Promise<Answer<T>>): Promise<NonNullable<T>> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ServerAwayError();
  }
  const { data, error, response } = answer;
  if (response.ok) return data as NonNullable<T>;
  if (typeof error === 'object' && error !== null && 'code' in error) {
    throw new ApiProblem(response.status, error);
  }
  if (GATEWAY.has(response.status)) throw new ServerAwayError();
  throw new ApiProblem(response.status, {});
}

/** Returns what a person reads of an error, in one or two sentences. */
export function wordsOf(error: Error): string {
  if (error instanceof ApiProblem && error.fix) return `${error.message} ${error.fix}`;
  return error.message;
}
