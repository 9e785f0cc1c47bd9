"""What a fact-checker reads: the report of a run, its archived copies and its exports."""

from claims.report.build import build_report

__all__ = ["build_report"]
