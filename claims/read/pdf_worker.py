"""The text of one PDF, read in a process of its own that may not take more time or memory than it is given.

Run as a file with the bytes on standard input; writes one JSON object and takes nothing else from the
project: {"problem": why there is no text or null, "pages": texts, "title", "author", "created"}.
"""

from __future__ import annotations

import io
import json
import logging
import re
import resource
import sys
from typing import Any

SECONDS = 10  # of processor time
MEMORY = 1_000_000_000  # bytes of address space
MAX_STREAM = 10_000_000  # bytes that one part of the file may unpack to
MAX_PAGES = 300
MAX_LETTERS = 1_000_000


def extracted(body: bytes) -> dict[str, Any]:
    """What the file says; `problem` names what stands in the way. Raises what its damage leads to."""
    import pypdf._text_extraction
    from pypdf import PdfReader, overwrite_configuration

    # It turns every run of Arabic around, whether the file has it backwards or not, and loses the places of
    # numbers; without that the letters come as they stand in the file, and `claims.read.pdf` looks at all
    pypdf._text_extraction.RTL_CHARACTER_PATTERN = re.compile("(?!)")
    overwrite_configuration(
        zlib_maximum_output_length=MAX_STREAM,
        lzw_maximum_output_length=MAX_STREAM,
        run_length_maximum_output_length=MAX_STREAM,
        brotli_maximum_output_length=MAX_STREAM,
        array_based_stream_maximum_output_length=MAX_STREAM,
    )
    reader = PdfReader(io.BytesIO(body), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return {"problem": "encrypted"}
    texts: list[str] = []
    for page in reader.pages[:MAX_PAGES]:
        texts.append(page.extract_text() or "")
        if sum(map(len, texts)) > MAX_LETTERS:
            break
    about: dict[str, Any] = dict(reader.metadata or {})
    return {
        "problem": None if any(text.strip() for text in texts) else "empty",
        "pages": [text[:MAX_LETTERS] for text in texts],
        **{key: str(about.get(f"/{name}") or "")[:400] for key, name in _FACTS.items()},
    }


_FACTS = {"title": "Title", "author": "Author", "created": "CreationDate"}


def main() -> None:
    """One JSON object is written; running out of time ends the process by a signal."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes to its pipe only
    logging.disable(logging.CRITICAL)
    try:
        found = extracted(sys.stdin.buffer.read())
    except MemoryError:
        found = {"problem": "too large"}
    except Exception as error:  # damage shows in as many ways as there are damaged files
        name = type(error).__name__
        found = {"problem": "too large" if name == "LimitReachedError" else "malformed"}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
