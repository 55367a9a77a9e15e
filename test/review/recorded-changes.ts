/** Apps of the recorded stacks: what is recorded of two is what more would show again. */
export const RECORDED_APPS = {
  prod: { auth: {}, wms: { connectionLimit: 40, reader: true } },
  dev: { auth: {}, wms: {} },
} as const;

/** A stack of which previews are recorded. */
export type RecordedStack = keyof typeof RECORDED_APPS;

/** A change to a stack: its settings that are another. */
type RecordedChange = readonly [stack: RecordedStack, settings: Readonly<Record<string, unknown>>];

const { dev, prod } = RECORDED_APPS;

/** Changes to a deployed stack, by the names of their recordings. */
// biome-ignore format: one change a line
export const RECORDED_CHANGES: Readonly<Record<string, RecordedChange>> = {
  "no-change-prod": ["prod", {}],
  "add-app-dev": ["dev", { apps: { ...dev, billing: {} } }],
  "remove-app-dev": ["dev", { apps: { wms: dev.wms } }],
  "remove-app-prod-protected": ["prod", { apps: { wms: prod.wms } }],
  "remove-reader-and-limit-prod": ["prod", { apps: { ...prod, wms: {} } }],
  "rotate-credential-dev": ["dev", { apps: { ...dev, wms: { credential: 2 } } }],
  "engine-major-prod": ["prod", { engineVersion: "18", allowMajorVersionUpgrade: "true" }],
  "instance-class-and-backups-prod": ["prod", { instanceClass: "db.m7g.large", backupRetentionDays: "7" }],
};
