/**
 * What a room adds to one controller's configuration. Rooms that never import each other (workers, codebuild,
 * containers) meet in this type.
 */
export interface JenkinsFragment {
  /** Who made it, for conflict messages, e.g. `workers pool linux`. */
  readonly source: string;
  /** A Jenkins Configuration as Code document as plain data. Secrets only as `${NAME}` references. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** Plugin ids that the configuration needs, e.g. `ec2-fleet`. */
  readonly plugins: readonly string[];
}
