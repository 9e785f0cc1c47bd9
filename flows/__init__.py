"""Prefect only: the same steps as claims.pipeline, as tasks of a flow."""
