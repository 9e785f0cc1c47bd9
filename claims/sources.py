"""The sources file: where evidence may come from, and how politely it is fetched."""

from __future__ import annotations

import ipaddress
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import idna
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from claims import __version__
from claims.errors import ConfigError
from claims.source_kinds import KINDS, FactCheckToolsSource, FolderSource, ReplaySource, SourceSpec

SAMPLE_SOURCES = Path(__file__).parent / "sample" / "sources.toml"


class DomainLimit(BaseModel):
    """What holds for one domain and all names below it, taken together, instead of the general limits."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    delay_s: Annotated[float, Field(ge=0)] | None = None
    pages: Annotated[int, Field(ge=0)] | None = None


class FetchPolicy(BaseModel):
    """How pages are fetched. Sizes in bytes, times in seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    user_agent: str = Field(f"tabayyun/{__version__} (+https://example.org/contact)", min_length=3)
    allow_networks: tuple[str, ...] = ()
    per_host_delay_s: Annotated[float, Field(ge=0)] = 1.0
    max_concurrency: Annotated[int, Field(ge=1, le=256)] = 16
    max_bytes: Annotated[int, Field(ge=1)] = 5_000_000
    timeout_s: Annotated[float, Field(gt=0)] = 15.0
    attempts: Annotated[int, Field(ge=1, le=10)] = 3
    max_redirects: Annotated[int, Field(ge=0, le=20)] = 5
    respect_robots: bool = True
    pages_per_host: Annotated[int, Field(ge=1)] = 5_000  # in one run
    requests_per_night: Annotated[int, Field(ge=1)] = 100_000  # in 24 hours, all runs of the workspace
    attempts_ever: Annotated[int, Field(ge=1)] = 30  # at an address that has failed ever since
    fresh_s: Annotated[float, Field(ge=0)] = 604_800.0  # the longest that an unchanged page is left alone
    domains: dict[str, DomainLimit] = Field(default_factory=dict)

    @field_validator("domains")
    @classmethod
    def _domains(cls, value: dict[str, DomainLimit]) -> dict[str, DomainLimit]:
        return {idna.encode(name.strip("."), uts46=True).decode("ascii"): one for name, one in value.items()}

    def domain(self, host: str) -> str:
        """The narrowest domain with limits of its own in which the host lies, else the host."""
        name = host
        while name not in self.domains:
            _, dot, name = name.partition(".")
            if not dot:
                return host
        return name

    def delay_s(self, domain: str) -> float:
        """The seconds between two requests to what `domain` gave."""
        limit = self.domains.get(domain)
        return self.per_host_delay_s if limit is None or limit.delay_s is None else limit.delay_s

    def pages(self, domain: str) -> int:
        """How many pages of what `domain` gave one run may ask for."""
        limit = self.domains.get(domain)
        return self.pages_per_host if limit is None or limit.pages is None else limit.pages

    @field_validator("allow_networks")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            ipaddress.ip_network(network, strict=False)
        return value


@dataclass(frozen=True, slots=True)
class Sources:
    """A sources file that was read and found right."""

    name: str  # of the file, for the report
    fetch: FetchPolicy
    sources: tuple[SourceSpec, ...]
    sample: bool  # the packaged sample web, not the real one


def load_sources(path: Path | None) -> Sources:
    """The sources to use; the packaged sample where no file is named.

    Raises ConfigError with the file, the source and what is wrong.
    """
    file = path or SAMPLE_SOURCES
    table = read_toml(file, "no such sources file")
    unknown = set(table) - {"fetch", "source"}
    if unknown:
        raise ConfigError(
            f"{file}: unknown table [{sorted(unknown)[0]}]; only [fetch] and [[source]] are known"
        )
    policy = checked(FetchPolicy, table.get("fetch", {}), f"{file}: [fetch]")
    rows = table.get("source", [])
    if not isinstance(rows, list):
        raise ConfigError(f"{file}: write [[source]], in double brackets, once for each source")
    specs: list[SourceSpec] = []
    for number, row in enumerate(rows, 1):
        name = row.get("name", "") if isinstance(row, dict) else ""
        where = f"{file}: source {number} ({name or 'without a name'})"
        spec = checked(_kind_of(row, where), row, where)
        specs.append(_complete(spec, file, where))
    require_own_names([spec.name for spec in specs], str(file), "source")
    return Sources(file.name, policy, tuple(specs), file.resolve() == SAMPLE_SOURCES.resolve())


def read_toml(file: Path, missing: str) -> dict[str, Any]:
    """The tables of the file. Raises ConfigError, with the words `missing` where there is no such file."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{file}: {missing}") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read as TOML ({error})") from None


def require_own_names(names: Sequence[str], where: str, table: str) -> None:
    """No two tables have the same name. Raises ConfigError, which begins with `where`."""
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise ConfigError(
            f"{where}: the name {twice!r} is used twice; give each [[{table}]] a name of its own"
        )


def _kind_of(row: Any, where: str) -> type[SourceSpec]:
    """What describes sources of the row's kind. Raises ConfigError where there is no such kind."""
    kind = row.get("kind") if isinstance(row, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        named = f"kind {str(kind)[:40]!r} is not known" if kind is not None else "kind is missing"
        raise ConfigError(f"{where}: {named}; {', '.join(KINDS)} are")
    return KINDS[kind]


def _complete(spec: SourceSpec, file: Path, where: str) -> SourceSpec:
    """The spec with an absolute path and a key that can be sent. Raises ConfigError where it cannot be."""
    if isinstance(spec, FactCheckToolsSource):
        try:
            spec.secret()
        except ValueError as error:
            raise ConfigError(f"{where}: {error}") from None
    if not isinstance(spec, FolderSource | ReplaySource):
        return spec
    absolute = (file.parent / spec.path).resolve()
    if not absolute.exists():
        raise ConfigError(f"{where}: {absolute} does not exist")
    return spec.model_copy(update={"path": absolute})


Checked = TypeVar("Checked", bound=BaseModel)


def checked(model: type[Checked], row: Any, where: str) -> Checked:
    """The row as the model has it. Raises ConfigError, which begins with `where`, with what is wrong."""
    try:
        return model.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise ConfigError(f"{where}: {field} is not known; {', '.join(model.model_fields)} are") from None
        named = f"{field}: " if field else ""
        raise ConfigError(f"{where}: {named}{first['msg']}") from None
