"""The ledger's tables, as the migrations that made them; a migration once released never changes.

A new ledger runs through all of them, so that an old one that is brought forward and a new one
are the same by construction. `PRAGMA user_version` says how many have been applied.
"""

APPLICATION = 0x4454_4B53
"""`PRAGMA application_id` of a ledger: "DTKS"."""

FIRST = """
CREATE TABLE runs (
    run INTEGER PRIMARY KEY,
    month TEXT NOT NULL,                -- 2026-11
    state TEXT NOT NULL CHECK (state IN ('berjalan', 'selesai', 'gagal', 'terputus')),
    started TEXT NOT NULL,              -- ISO 8601 with offset
    finished TEXT,
    folder TEXT NOT NULL,
    today TEXT NOT NULL,
    version TEXT NOT NULL,
    fingerprint TEXT NOT NULL,          -- sha256 over inputs, registry, configuration, version
    registry TEXT NOT NULL,
    records INTEGER,
    findings INTEGER
);
CREATE TABLE inputs (
    run INTEGER NOT NULL REFERENCES runs (run),
    file TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL
);
CREATE INDEX inputs_run ON inputs (run);
CREATE TABLE records (record INTEGER PRIMARY KEY, record_id TEXT NOT NULL UNIQUE);
CREATE TABLE decisions (
    month TEXT NOT NULL,
    record INTEGER NOT NULL REFERENCES records (record),
    kecamatan TEXT,                     -- six digits, null: unresolved
    status TEXT NOT NULL,
    action TEXT NOT NULL,
    codes TEXT NOT NULL,                -- joined by blanks
    PRIMARY KEY (month, record)
) WITHOUT ROWID;
CREATE TABLE kinds (
    kind INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    field TEXT NOT NULL,
    severity TEXT NOT NULL,
    action TEXT NOT NULL,
    UNIQUE (code, field, severity, action)
);
CREATE TABLE findings (
    month TEXT NOT NULL,
    record INTEGER NOT NULL,            -- 0: of a file or column, not of a record
    kind INTEGER NOT NULL REFERENCES kinds (kind),
    times INTEGER NOT NULL,
    PRIMARY KEY (month, record, kind)
) WITHOUT ROWID;
"""

SECOND = """
ALTER TABLE decisions ADD COLUMN desa TEXT;     -- ten digits, null: unresolved
CREATE TABLE workbooks (
    path TEXT NOT NULL,                 -- as in the month's folder
    sha256 TEXT NOT NULL,               -- of every version that was ever written there
    month TEXT NOT NULL,
    PRIMARY KEY (path, sha256)
);
CREATE TABLE clerks (
    mark TEXT PRIMARY KEY,              -- sha256 of the whole line: one line is taken in once
    record_id TEXT NOT NULL,
    other_id TEXT,                      -- the second record of a pair
    field TEXT,
    decision TEXT NOT NULL,
    "values" TEXT,                      -- hash of the values the clerk decided on
    who TEXT,
    at TEXT,
    sheet TEXT,
    file TEXT,
    rest TEXT NOT NULL                  -- further columns as JSON
);
CREATE INDEX clerks_record ON clerks (record_id);
"""

THIRD = """
ALTER TABLE decisions ADD COLUMN ingatan TEXT;  -- what an earlier decision of a clerk came to
"""

MIGRATIONS = (FIRST, SECOND, THIRD)
VERSION = len(MIGRATIONS)
TABLES = ("runs", "inputs", "records", "decisions", "kinds", "findings", "workbooks", "clerks")
