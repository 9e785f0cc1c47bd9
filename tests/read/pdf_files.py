"""Small PDF files of our own making, with letters named by their Unicode numbers and no font inside."""

from __future__ import annotations

import zlib


def pdf(
    pages: list[list[str]], *, info: str = "", stream_filter: str = "", raw: bytes | None = None
) -> bytes:
    """A PDF that shows each line where the next line follows below; `raw` replaces every page's content."""
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def "
        b"1 begincodespacerange <0000> <ffff> endcodespacerange "
        b"1 beginbfrange <0000> <ffff> <0000> endbfrange endcmap end end"
    )
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /F /Encoding /Identity-H /DescendantFonts [4 0 R] "
        b"/ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /F /CIDSystemInfo << /Registry (Adobe) "
        b"/Ordering (Identity) /Supplement 0 >> /DW 500 >>",
        _stream(cmap),
    ]
    for number, lines in enumerate(pages):
        shown = "\n".join(
            f"BT /F 12 Tf 40 {780 - 20 * row} Td <{line.encode('utf-16-be').hex()}> Tj ET"
            for row, line in enumerate(lines)
        ).encode()
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {7 + 2 * number} 0 R "
            "/Resources << /Font << /F 3 0 R >> >> >>".encode()
        )
        objects.append(_stream(shown if raw is None else raw, stream_filter))
    objects.append(f"<< {info} >>".encode())
    return _file(objects)


def _stream(data: bytes, stream_filter: str = "") -> bytes:
    named = f" /Filter /{stream_filter}" if stream_filter else ""
    return f"<< /Length {len(data)}{named} >>\nstream\n".encode() + data + b"\nendstream"


def _file(objects: list[bytes]) -> bytes:
    body = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R /Info {size - 1} 0 R >>"
    return body + tail.encode() + f"\nstartxref\n{len(body)}\n%%EOF\n".encode()


def bomb(size: int) -> bytes:
    """A PDF whose one page unpacks to `size` bytes."""
    machine = zlib.compressobj(9)
    part = b"BT (x) Tj ET " * 80_000
    data = b"".join(machine.compress(part) for _ in range(size // len(part))) + machine.flush()
    return pdf([[]], stream_filter="FlateDecode", raw=data)
