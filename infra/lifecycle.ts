/** How hard a stack's resources are to lose. */
export interface Lifecycle {
  /** Pulumi's `protect` on what holds data or access: a delete or a replacement is refused. */
  readonly protect: boolean;
  /** Whether dropping the schema drops the tables in it; without it Postgres refuses (RESTRICT). */
  readonly dropCascade: boolean;
  /** Days in which a deleted secret can be restored; its name is taken until then. 0 frees it at once. */
  readonly secretRecoveryDays: number;
  /** Days until a deleted key is gone; AWS allows 7 to 30. */
  readonly keyDeletionDays: number;
}

const LASTING: Lifecycle = {
  protect: true,
  dropCascade: false,
  secretRecoveryDays: 30,
  keyDeletionDays: 30,
};

const THROWAWAY: Lifecycle = {
  protect: false,
  dropCascade: true,
  secretRecoveryDays: 0,
  keyDeletionDays: 7,
};

/** Prod lasts; every other environment can be destroyed, and leaves nothing behind. */
export function lifecycleOf(environment: string): Lifecycle {
  return environment === "prod" ? LASTING : THROWAWAY;
}
