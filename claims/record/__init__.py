"""The record: one append-only DuckDB file a workspace, and the snapshot that its readers get."""
