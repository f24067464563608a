"""The ledger: what was found, decided and done, month by month, in one SQLite file."""
