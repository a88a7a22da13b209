/** The tables of the cloud as Kysely sees them; migrations.ts makes them. Instants end in AtMs, `iat` and `exp` are whole seconds. */

/** The newest of each id but trust and orders, exactly as it was published. */
export type DocumentTable = {
  id: string;
  typ: string;
  area: string | null;
  epoch: number;
  ver: number;
  digest: string;
  iat: number;
  exp: number;
  /** The envelope's JSON. */
  envelope: string;
  publishedAtMs: number;
};

export type TrustTable = {
  ver: number;
  digest: string;
  envelope: string;
  publishedAtMs: number;
};

/** protocol V17: the highest version that an id ever had here. */
export type VersionFloorTable = {
  id: string;
  keyringEpoch: number;
  epoch: number;
  ver: number;
  digest: string;
};

export type OrderTable = {
  digest: string;
  id: string;
  kind: string;
  iat: number;
  exp: number;
  envelope: string;
  /** JSON list of names. */
  holders: string;
  publishedAtMs: number;
};

export type DraftTable = {
  digest: string;
  typ: string;
  id: string;
  epoch: number;
  ver: number;
  /** base64url, as it is signed. */
  payload: string;
  createdAtMs: number;
  publishedAtMs: number | null;
  /** JSON list of the people whose signatures took it live; null before. */
  holders: string | null;
};

export type SignatureTable = {
  digest: string;
  kid: string;
  protected: string;
  signature: string;
  addedAtMs: number;
};

export type RecordTable = {
  dev: string;
  chain: string;
  seq: number;
  receivedAtMs: number;
  /** h of this record, base64url: the next one must follow on it. */
  h: string;
  /** JCS of the record. */
  body: string;
};

export type BreakTable = {
  dev: string;
  chain: string;
  seq: number;
  kind: 'missing' | 'changed' | 'forked';
  atMs: number;
  /** What contradicts the stored record, JSON, at most 16 KiB; null where nothing came. */
  evidence: string | null;
};

/** The last that a box said of itself. */
export type BoxTable = {
  dev: string;
  linkState: 'online' | 'silent' | 'never';
  lastSeenAtMs: number | null;
  sinceMs: number | null;
  status: string | null;
  statusAtMs: number | null;
};

export type Tables = {
  document: DocumentTable;
  trust: TrustTable;
  versionFloor: VersionFloorTable;
  order: OrderTable;
  draft: DraftTable;
  signature: SignatureTable;
  record: RecordTable;
  break: BreakTable;
  box: BoxTable;
};
