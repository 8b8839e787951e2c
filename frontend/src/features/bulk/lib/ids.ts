/** IDs of deals out of whatever was pasted: columns of a sheet, a list with commas, links to deals. */

export type ReadIds = {
  /** Each once, in the order in which they stand there. */
  ids: string[];
  /** Stood there more than once. */
  twice: string[];
  /** Neither an ID nor a link to a deal. */
  nonsense: string[];
};

const PARTS = /[\s,;"'|]+/;
const ID = /^(?:zcrm_)?([1-9]\d{0,18})$/;
const LINK = /^https?:\/\/\S*\/(?:deals|potentials)\/([1-9]\d{0,18})(?:[/?#]\S*)?$/i;

/** Reads IDs; nothing that was written is passed over in silence. */
export function readIds(text: string): ReadIds {
  const ids = new Set<string>();
  const twice = new Set<string>();
  const nonsense = new Set<string>();
  for (const part of text.split(PARTS).filter(Boolean)) {
    const id = (ID.exec(part) ?? LINK.exec(part))?.[1];
    if (id === undefined) nonsense.add(part);
    else if (ids.has(id)) twice.add(id);
    else ids.add(id);
  }
  return { ids: [...ids], twice: [...twice], nonsense: [...nonsense] };
}
