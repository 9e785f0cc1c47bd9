"""Where the project's own things are, for tests of any stage."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE_ARTICLE = ROOT / "claims" / "sample" / "article.ar.txt"
PUBLISHED = "2024-10-12"  # of the sample article and of the real one
