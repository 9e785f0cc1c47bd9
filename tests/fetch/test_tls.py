"""An https page comes from the host that its certificate proves, or not at all."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from visits import accepted, policy
from zoo import PAGE, Zoo, open_zoo

from claims.fetch.archive import Archive, read_record
from claims.fetch.client import Fetcher

HOST = "news.example"
Names = list[str | None]
Errand = Callable[[Zoo, Fetcher, Names], Awaitable[None]]


def certificate(folder: Path, name: str = HOST, days: int = 1) -> Path:
    """A file with a key and a certificate that it signed itself, good for `days` from yesterday."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    alternative: x509.GeneralName = x509.DNSName(name)
    if name[0].isdigit():
        alternative = x509.IPAddress(ipaddress.ip_address(name))
    yesterday = datetime.now(UTC) - timedelta(days=1)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(yesterday - timedelta(days=1))
        .not_valid_after(yesterday + timedelta(days=days, hours=1))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"{name}.pem"
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


async def everything_is_here(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def visit(workspace: Path, certificate_path: Path, errand: Errand) -> Path:
    """Runs an errand beside a zoo that shows this certificate; returns the archive.

    The errand is also given the server names for which the zoo was asked.
    """
    names: Names = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_path)
    context.sni_callback = lambda _socket, name, _context: names.append(name)

    async def run() -> Path:
        async with open_zoo(tls=context) as zoo:
            with Archive(workspace, "run") as archive:
                async with Fetcher(policy(timeout_s=5), archive, resolver=everything_is_here) as fetcher:
                    await errand(zoo, fetcher, names)
                return archive.path

    return asyncio.run(run())


@pytest.fixture
def trust(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Path]:
    """Has the system's trust store hold a certificate."""

    def add(path: Path) -> Path:
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        return path

    return add


def test_a_page_comes_over_a_connection_made_for_its_host(
    tmp_path: Path, trust: Callable[[Path], Path]
) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher, names: Names) -> None:
        capture = await fetcher.capture(zoo.url("/page", HOST))
        assert (capture.outcome, capture.detail) == ("ok", None)
        assert capture.final_url == zoo.url("/page", HOST) and await fetcher.body(capture) == PAGE
        assert names and set(names) == {HOST}
        assert f"\r\nHost: {HOST}:{zoo.port}\r\n" in zoo.heads["/page"]
        assert capture.warc and capture.offset is not None
        assert read_record(tmp_path, capture.warc, capture.offset).url == zoo.url("/page", HOST)

    assert accepted(visit(tmp_path, trust(certificate(tmp_path)), errand))


def test_a_bare_address_is_proved_by_its_certificate_too(
    tmp_path: Path, trust: Callable[[Path], Path]
) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher, names: Names) -> None:
        assert (await fetcher.capture(zoo.url("/page", "127.0.0.1"))).outcome == "ok"
        assert names and set(names) == {None}  # an address is no server name (RFC 6066)

    visit(tmp_path, trust(certificate(tmp_path, "127.0.0.1")), errand)


def test_a_certificate_that_nobody_trusts_leaves_the_page_unreachable(tmp_path: Path) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher, names: Names) -> None:
        capture = await fetcher.capture(zoo.url("/page", HOST))
        assert capture.outcome == "unreachable" and capture.status is None and capture.warc is None
        assert "its certificate does not hold" in (capture.detail or "")
        assert "self-signed" in (capture.detail or "") and "\n" not in (capture.detail or "")
        assert names == [HOST] and not zoo.asked  # asked once, for robots.txt, and told nothing

    visit(tmp_path, certificate(tmp_path), errand)


@pytest.mark.parametrize(
    ("name", "days", "said"),
    [("other.example", 1, HOST), ("127.0.0.1", 1, HOST), (HOST, 0, "expired")],
    ids=["of another host", "of the address alone", "of the past"],
)
def test_a_trusted_certificate_must_be_the_hosts_and_of_today(
    tmp_path: Path, trust: Callable[[Path], Path], name: str, days: int, said: str
) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher, names: Names) -> None:
        capture = await fetcher.capture(zoo.url("/page", HOST))
        assert capture.outcome == "unreachable"
        assert "its certificate does not hold" in (capture.detail or "") and said in (capture.detail or "")
        assert len(names) == 1 and not zoo.asked

    visit(tmp_path, trust(certificate(tmp_path, name, days)), errand)


def test_a_server_that_speaks_no_tls_is_unreachable_over_https(tmp_path: Path) -> None:
    async def run() -> None:
        async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(plain, "127.0.0.1", 0)
        url = f"https://{HOST}:{server.sockets[0].getsockname()[1]}/page"
        with Archive(tmp_path, "run") as archive:
            async with Fetcher(policy(), archive, resolver=everything_is_here) as fetcher:
                capture = await fetcher.capture(url)
        server.close()
        assert capture.outcome == "unreachable" and "connection failed" in (capture.detail or "")
        assert "certificate" not in (capture.detail or "")

    asyncio.run(run())
