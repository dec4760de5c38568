import { hashOf } from "./hash.js";

/** Who is to have each partition, and who is next in line should that one die. */
export interface Shares {
  readonly owners: readonly string[];
  /** The owner's heirs, partition by partition: at most two, the likeliest first. */
  readonly heirs: readonly (readonly string[])[];
}

/**
 * Shares partitions out among workers: nobody has more than one partition more than anybody else, and everybody who
 * knows the same workers comes to the same result.
 */
export function sharesOf(members: readonly string[], partitions: number): Shares {
  const owners = ownersOf(members, partitions);
  const without = new Map<string, readonly string[]>();
  const ownersWithout = (...gone: string[]): readonly string[] => {
    const key = gone.toSorted().join(" ");
    let found = without.get(key);
    if (found === undefined) {
      found = ownersOf(
        members.filter((member) => !gone.includes(member)),
        partitions,
      );
      without.set(key, found);
    }
    return found;
  };
  const heirs = owners.map((owner, at) => {
    const first = ownersWithout(owner)[at];
    if (first === undefined) return [];
    const second = ownersWithout(owner, first)[at];
    return second === undefined ? [first] : [first, second];
  });
  return { owners, heirs };
}

/**
 * Each partition goes to the member that scores highest for it and still has room. The score depends on nothing but the
 * two names, so that few partitions move when a member comes or goes.
 */
function ownersOf(members: readonly string[], partitions: number): readonly string[] {
  if (members.length === 0) return [];
  const least = Math.floor(partitions / members.length);
  let extra = partitions % members.length;
  const load = new Map(members.map((member) => [member, 0]));
  return Array.from({ length: partitions }, (_, partition) => {
    let best: string | undefined;
    let bestScore = -1;
    for (const [member, count] of load) {
      if (count > least || (count === least && extra === 0)) continue;
      const score = hashOf(`${member}/${partition}`);
      if (score > bestScore || (score === bestScore && best !== undefined && member < best)) {
        best = member;
        bestScore = score;
      }
    }
    const owner = best as string;
    const count = load.get(owner) ?? 0;
    if (count === least) extra--;
    load.set(owner, count + 1);
    return owner;
  });
}
