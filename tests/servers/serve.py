"""Both servers by hand: `python tests/servers/serve.py > sources.toml`, and Ctrl-C when done.

What is printed is a sources file: `tabayyun verify … --sources sources.toml` then asks them.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import tempfile
from pathlib import Path

from real_searx import missing as searx_missing
from real_searx import searx
from real_wiki import mediawiki
from real_wiki import missing as wiki_missing

SOURCES = """\
[fetch]
per_host_delay_s = 0

[[source]]
name = "wiki"
kind = "mediawiki"
url = "{wiki}"

[[source]]
name = "search"
kind = "searxng"
url = "{search}"
"""


def main() -> None:
    """Both answer until the process is told to end."""
    missing = wiki_missing() or searx_missing()
    if missing:
        sys.exit(missing)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that both ways to end clean up
    with (
        tempfile.TemporaryDirectory() as wiki_folder,
        tempfile.TemporaryDirectory() as search_folder,
        mediawiki(Path(wiki_folder)) as wiki,
        searx(Path(search_folder), wiki.origin) as search,
        contextlib.suppress(KeyboardInterrupt),
    ):
        print(SOURCES.format(wiki=wiki.api, search=search), flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
