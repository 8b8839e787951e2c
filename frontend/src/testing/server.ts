/** The API's twin for component tests: handlers are typed by the schema, and there are no defaults. */
import { setupServer } from 'msw/node';
import { createOpenApiHttp } from 'openapi-msw';
import type { paths } from '@/api/schema';

export const server = setupServer();
export const http = createOpenApiHttp<paths>({ baseUrl: 'http://localhost:3000' });
