"""Trusted timestamps (RFC 3161): an authority signs that bytes with this digest existed at a time.

A WARC file grows while its run goes on, so a timestamp covers the whole records that stand in the file
now: its first `bytes` bytes. What is appended later leaves it true.
"""

from __future__ import annotations

import hashlib
import secrets
import ssl
import warnings
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import certifi

from claims.errors import ConfigError, SourceSkipped, SourceUnusable, StoreError
from claims.fetch.archive import end_of_whole_members
from claims.fetch.client import Fetcher

SUFFIX = ".tsr"
MAX_TOKEN_BYTES = 100_000
_BLOCK = 1 << 20
_SHA256 = "2.16.840.1.101.3.4.2.1"
# TimeStampReq of RFC 3161 in DER: version 1, an imprint that is a SHA-256, a nonce of eight bytes and the
# wish for the certificates. Written out, because the library hashes only what it is given whole.
_REQUEST = (
    bytes.fromhex("3043 020101 3031 300d06096086480165030402010500 0420"),
    bytes.fromhex("0208"),
    bytes.fromhex("0101ff"),
)
_HEADERS = {"Accept": "application/timestamp-reply", "Content-Type": "application/timestamp-query"}


@dataclass(frozen=True, slots=True)
class Covered:
    """The first `bytes` bytes of an archive file of the workspace, and their SHA-256."""

    warc: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """A timestamp that was verified. `token` is its file, relative to the workspace, `root` a PEM."""

    token: str
    covered: Covered
    authority: str
    serial: str
    stamped_at: datetime
    root: str


def require_library() -> None:
    """The library for timestamps is installed. Raises ConfigError where it is not."""
    try:
        import rfc3161_client  # noqa: F401
    except ImportError:
        raise ConfigError(
            "timestamps need a library that is not installed; pip install 'tabayyun[timestamps]'"
        ) from None


def trusted_roots(path: Path | None) -> list[bytes]:
    """The certificates (DER) of a PEM file, or those that this machine trusts. Raises ConfigError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(path or certifi.where())
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"{path}: holds no certificates in PEM ({error.strerror or error})") from None
    if path is None:
        context.load_default_certs()
    found = context.get_ca_certs(binary_form=True)
    if not found:
        raise ConfigError(f"{path}: holds no certificate of a root authority; name one that does")
    return found


def covered(workspace: Path, warc: str) -> Covered:
    """The whole records that stand in the file now. Raises StoreError where there are none."""
    try:
        with (workspace / warc).open("rb") as file:
            size = end_of_whole_members(file)
    except OSError as error:
        raise StoreError(f"{warc}: cannot be read ({error.strerror}); restore it from a copy") from None
    if not size:
        raise StoreError(f"{warc}: holds no whole record, so there is nothing to stamp")
    return Covered(warc, size, _prefix_sha256(workspace, warc, size))


async def stamp(
    fetcher: Fetcher, workspace: Path, part: Covered, authority: str, roots: list[bytes]
) -> Stamp:
    """The authority's timestamp of the part, verified, its token in a file beside the archive's.

    Raises SourceSkipped where the authority gives none this time, SourceUnusable where what it gives does
    not hold, StoreError where the token cannot be written.
    """
    nonce = secrets.randbits(62) | 1 << 62  # eight bytes, and positive
    first, second, third = _REQUEST
    request = first + bytes.fromhex(part.sha256) + second + nonce.to_bytes(8, "big") + third
    answer = await fetcher.call(authority, _HEADERS, request)
    if answer.status != 200:
        said = SourceSkipped if answer.status == 429 or answer.status >= 500 else SourceUnusable
        raise said(f"{authority}: status {answer.status}, no timestamp; try again later or another --tsa")
    try:
        token = _verified(answer.body, part.sha256, roots, nonce)
    except ValueError as error:
        raise SourceUnusable(
            f"{authority}: its timestamp does not hold ({error}); use another --tsa"
        ) from None
    root = ssl.DER_cert_to_PEM_cert(_leads_to(answer.body, part.sha256, roots))
    place = _write(workspace, part.warc, answer.body)
    info = token.tst_info
    return Stamp(place, part, authority, f"{info.serial_number:x}", info.gen_time, root)


def token_fault(workspace: Path, stamp: Stamp) -> str | None:
    """What is wrong with the token of a recorded timestamp, read and verified again, or None."""
    where = f"{stamp.token}: the timestamp of {stamp.covered.warc}"
    try:
        with _inside(workspace, stamp.token).open("rb") as file:
            token = file.read(MAX_TOKEN_BYTES + 1)
    except OSError as error:
        return f"{where} cannot be read ({error.strerror}); restore it from a copy"
    try:
        _verified(token, stamp.covered.sha256, [ssl.PEM_cert_to_DER_cert(stamp.root)], None)
    except ValueError as error:
        return f"{where} does not hold ({error}); restore it from a copy"
    return None


def change_since(workspace: Path, stamp: Stamp) -> str | None:
    """How the stamped bytes differ from what they were, in one line, or None where they do not."""
    part = stamp.covered
    when = (
        f"{stamp.stamped_at:%Y-%m-%d %H:%M} UTC, when {stamp.authority} stamped its first {part.bytes} bytes"
    )
    try:
        now = _prefix_sha256(workspace, part.warc, part.bytes)
    except OSError as error:
        return f"{part.warc}: cannot be read ({error.strerror}) since {when}; restore it from a copy"
    except StoreError as error:
        return f"{part.warc}: cut short ({error}) since {when}; restore it from a copy"
    if now != part.sha256:
        return f"{part.warc}: changed since {when}; restore it from a copy"
    return None


def _verified(token: bytes, sha256: str, roots: list[bytes], nonce: int | None) -> Any:
    """The parsed answer of an authority. Raises ValueError, with a line for people, where it is not one or
    is not signed for this digest by somebody to whom a root leads."""
    from cryptography.x509 import load_der_x509_certificate
    from rfc3161_client import VerifierBuilder, decode_timestamp_response
    from rfc3161_client.errors import VerificationError

    if len(token) > MAX_TOKEN_BYTES:
        raise ValueError(f"more than {MAX_TOKEN_BYTES} bytes")
    try:
        response = decode_timestamp_response(token)
        if response.status != 0:
            words = " ".join(" ".join(response.status_string).split())[:100]
            raise ValueError(f"the authority refused: status {response.status} {words}".rstrip())
        imprint = response.tst_info.message_imprint
        if imprint.hash_algorithm.dotted_string != _SHA256 or imprint.message.hex() != sha256:
            raise ValueError("it is of other bytes")
        with warnings.catch_warnings():  # roots of this machine that a coming version will not read
            warnings.simplefilter("ignore")
            certificates = [load_der_x509_certificate(root) for root in roots]
        verifier = VerifierBuilder(roots=certificates, nonce=nonce).build()
        verifier.verify(response, bytes.fromhex(sha256))
    except VerificationError as error:
        said = " ".join(str(error).split())[:160]
        if said.startswith("Error while verifying certificates"):
            said = "its signature is damaged or leads to no root that is trusted here; --roots names roots"
        raise ValueError(said) from None
    return response


def _leads_to(token: bytes, sha256: str, roots: list[bytes]) -> bytes:
    """The one root that the signature leads to; recorded, so that what a machine trusts may change."""
    for root in roots:
        try:
            _verified(token, sha256, [root], None)
        except ValueError:
            continue
        return root
    raise SourceUnusable("the timestamp's certificates lead to no single root; name its root with --roots")


def _prefix_sha256(workspace: Path, warc: str, size: int) -> str:
    """SHA-256 of the first bytes of a file, streamed. Raises OSError, and StoreError where it is shorter."""
    digest = hashlib.sha256()
    left = size
    with _inside(workspace, warc).open("rb") as file:
        while left and (data := file.read(min(_BLOCK, left))):
            digest.update(data)
            left -= len(data)
    if left:
        raise StoreError(f"it has {size - left} of {size} bytes")
    return digest.hexdigest()


def _inside(workspace: Path, name: str) -> Path:
    """The file of the workspace. Raises FileNotFoundError where the name leads out of it."""
    path = (workspace / name).resolve()
    if not path.is_relative_to(workspace.resolve()):
        raise FileNotFoundError(2, "lies outside the workspace", name)
    return path


def _write(workspace: Path, warc: str, token: bytes) -> str:
    """The token in a new file beside the archive's; its path relative to the workspace."""
    for number in range(1, 1_000):
        place = f"{warc}{SUFFIX}" if number == 1 else f"{warc}.{number}{SUFFIX}"
        try:
            with (workspace / place).open("xb") as file:
                file.write(token)
        except FileExistsError:
            continue
        except OSError as error:
            raise StoreError(f"{place}: cannot be written ({error.strerror}); make room, run again") from None
        return place
    raise StoreError(f"{warc}: has 999 timestamps beside it; keep some of them elsewhere")
