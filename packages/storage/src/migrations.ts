import { misuse, StorageError } from "./storage-error.js";

/** One step of a store's schema. Steps are numbered from 1 without gaps, and never changed once released. */
export interface Migration<Run> {
  readonly version: number;
  /**
   * The oldest schema version whose code still works on what this step leaves; the step's own number when none does.
   * Absent: as before, so that the last release and this one run side by side during a deploy.
   */
  readonly oldestReader?: number | undefined;
  readonly run: Run;
}

/** Where a store stands; a driver keeps it inside the store. */
export interface SchemaState {
  /** The last step that ran; 0 when the store is new. */
  readonly version: number;
  /** The oldest schema version whose code still works on the store. */
  readonly oldestReader: number;
}

/** What is to be done to a store before it is used. */
export interface MigrationPlan<Run> {
  /** Run in order and inside one transaction with writing `state`. Empty: the store is fine as it is. */
  readonly steps: readonly Migration<Run>[];
  readonly state: SchemaState;
}

/**
 * Says which steps a store needs. A store that a newer release has migrated is taken as it is, unless that release
 * said that this one is too old.
 * @throws {StorageError} ERR_BALE_STORAGE_SCHEMA when this code is too old for the store.
 */
export function planMigrations<Run>(
  store: string,
  known: readonly Migration<Run>[],
  found: SchemaState | undefined,
): MigrationPlan<Run> {
  for (const [at, { version }] of known.entries()) {
    if (version !== at + 1) {
      throw misuse(
        "ERR_BALE_OPTION",
        `Migrating ${store}: step ${at + 1} is numbered ${version}. Number the steps 1, 2, 3 in order.`,
      );
    }
  }
  const ours = known.length;
  const state = found ?? { version: 0, oldestReader: 1 };
  if (state.version > ours && state.oldestReader > ours) {
    throw new StorageError(
      "ERR_BALE_STORAGE_SCHEMA",
      `Opening ${store}: a newer release has brought it to schema ${state.version}, which takes a release that knows ` +
        `schema ${state.oldestReader}; this one knows ${ours}. Install the newer release.`,
    );
  }
  const steps = known.slice(state.version);
  return {
    steps,
    state: {
      version: Math.max(state.version, ours),
      oldestReader: steps.reduce(
        (oldest, step) => Math.max(oldest, step.oldestReader ?? 1),
        state.oldestReader,
      ),
    },
  };
}
