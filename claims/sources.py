"""The sources file: where evidence may come from, and how politely it is fetched."""

from __future__ import annotations

import ipaddress
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from claims import __version__
from claims.errors import ConfigError

SourceKind = Literal["searxng", "mediawiki", "folder", "replay"]
SAMPLE_SOURCES = Path(__file__).parent / "sample" / "sources.toml"


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

    @field_validator("allow_networks")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            ipaddress.ip_network(network, strict=False)
        return value


class SourceSpec(BaseModel):
    """One configured source. `url` for servers; `path` for `folder` and `replay`, relative to the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    kind: SourceKind
    url: str | None = Field(None, pattern=r"^https?://")
    path: Path | None = None
    languages: tuple[str, ...] = ()
    limit: Annotated[int, Field(ge=1, le=500)] = 20


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
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{file}: no such sources file") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read as TOML ({error})") from None
    unknown = set(table) - {"fetch", "source"}
    if unknown:
        raise ConfigError(
            f"{file}: unknown table [{sorted(unknown)[0]}]; only [fetch] and [[source]] are known"
        )
    policy = _checked(FetchPolicy, table.get("fetch", {}), f"{file}: [fetch]")
    rows = table.get("source", [])
    if not isinstance(rows, list):
        raise ConfigError(f"{file}: write [[source]], in double brackets, once for each source")
    specs: list[SourceSpec] = []
    for number, row in enumerate(rows, 1):
        name = row.get("name", "") if isinstance(row, dict) else ""
        where = f"{file}: source {number} ({name or 'without a name'})"
        spec = _checked(SourceSpec, row, where)
        if spec.name in {other.name for other in specs}:
            raise ConfigError(f"{where}: the name is used twice; give each source a name of its own")
        specs.append(_complete(spec, file, where))
    return Sources(file.name, policy, tuple(specs), file.resolve() == SAMPLE_SOURCES.resolve())


def _complete(spec: SourceSpec, file: Path, where: str) -> SourceSpec:
    """The spec with an absolute path. Raises ConfigError where the address or path is missing."""
    if spec.kind in ("searxng", "mediawiki"):
        if not spec.url:
            raise ConfigError(f'{where}: kind {spec.kind} needs url = "http…"')
        return spec
    if not spec.path:
        raise ConfigError(f'{where}: kind {spec.kind} needs path = "…"')
    absolute = (file.parent / spec.path).resolve()
    if not absolute.exists():
        raise ConfigError(f"{where}: {absolute} does not exist")
    return spec.model_copy(update={"path": absolute})


_Model = TypeVar("_Model", bound=BaseModel)


def _checked(model: type[_Model], row: Any, where: str) -> _Model:
    try:
        return model.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise ConfigError(f"{where}: {field} is not known; {', '.join(model.model_fields)} are") from None
        named = f"{field}: " if field else ""
        raise ConfigError(f"{where}: {named}{first['msg']}") from None
