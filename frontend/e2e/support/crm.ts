/** The simulated CRM's control plane: what colleagues do in the CRM, and trouble on request. */
import type { Facts } from './stack';

export type Deal = {
  id: string;
  Deal_Name: string;
  Stage: string;
  Amount: number | null;
  Next_Step?: string | null;
} & Record<string, unknown>;

export type Fault = {
  kind: 'status' | 'timeout' | 'drop';
  route?: string;
  status?: number;
  code?: string;
  count?: number;
};

export class Crm {
  constructor(private readonly facts: Facts) {}

  /** Returns all live deals, by id. */
  async deals(): Promise<Deal[]> {
    const dump = await (await this.call('GET', '/modules/Deals/records')).text();
    return dump
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Deal);
  }

  /** Returns one live deal that nobody else has chosen: each call gives another. */
  async someDeal(): Promise<Deal> {
    const deal = (await this.deals())[this.chosen++];
    if (deal === undefined) throw new Error('the simulated organisation has no deal left');
    return deal;
  }

  private chosen = 0;

  async edit(id: string, values: Record<string, unknown>): Promise<void> {
    await this.call('POST', '/modules/Deals/records/edit', { edits: [{ id, values }] });
  }

  /** Returns one live deal as the CRM has it now. */
  async deal(id: string): Promise<Deal> {
    const deal = (await this.deals()).find((each) => each.id === id);
    if (deal === undefined) throw new Error(`the simulated organisation has no deal ${id}`);
    return deal;
  }

  /** Locks a deal, as an administrator does: writes through the API are refused until it is unlocked. */
  async lock(id: string, locked: boolean): Promise<void> {
    await this.call('POST', '/modules/Deals/records/lock', { ids: [id], locked });
  }

  async delete(id: string): Promise<void> {
    await this.call('POST', '/modules/Deals/records/delete', { ids: [id] });
  }

  async breaks(...faults: Fault[]): Promise<void> {
    await this.call('POST', '/faults', { faults });
  }

  async heals(): Promise<void> {
    await this.call('DELETE', '/faults');
  }

  async latency(milliseconds: number): Promise<void> {
    await this.call('POST', '/latency', { base_ms: milliseconds, jitter_ms: 0 });
  }

  private async call(method: string, path: string, body?: unknown): Promise<Response> {
    const answer = await fetch(`${this.facts.simulator.control_url}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}
