"""The one table of settings: name, default, help. Units stand in the names.

A setting comes from, strongest first: `--set NAME=VALUE` on the command line, the environment
(`TABAYYUN_NAME`), `tabayyun.toml` in the workspace, the default below. What concerns fetching and
sources stands in the sources file instead (`claims.sources`).
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from claims.errors import ConfigError

FILE_NAME = "tabayyun.toml"


class Settings(BaseSettings):
    """Every setting of the project."""

    model_config = SettingsConfigDict(env_prefix="TABAYYUN_", extra="forbid", frozen=True)

    max_article_bytes: int = Field(5_000_000, ge=1, description="Articles larger than this are refused.")
    max_claims: int = Field(200, ge=1, description="Claims checked in one article, the most worthy first.")
    min_worth: float = Field(0.0, ge=0, le=1, description="Claims worth less than this are not checked.")
    queries_per_claim: int = Field(6, ge=1, description="Questions put to each source for one claim.")
    pages_per_claim: int = Field(40, ge=1, description="Pages fetched for one claim, best placed first.")
    passages_per_page: int = Field(3, ge=1, description="Passages of one page that are weighed for a claim.")
    claim_concurrency: int = Field(4, ge=1, description="Claims whose sources are asked at the same time.")
    store: str = Field(
        "",
        pattern=r"^(ducklake:postgres:.+)?$",
        description="Where the record is: empty for the workspace's own file, or ducklake:postgres:dbname=…",
    )
    store_data: str = Field(
        "",
        description="Folder or s3:// address of a shared record's files; empty for `record` there.",
    )
    worker_silent_s: float = Field(
        60.0,
        ge=10,
        description="Seconds of silence after which a worker's articles go to another.",
    )
    articles_per_part: int = Field(
        25, ge=1, description="Articles that a worker of a shared record takes at a time."
    )
    memory_limit_mb: int = Field(1024, ge=128, description="Memory that DuckDB may use.")
    busy_wait_s: float = Field(
        30.0, ge=0, description="Seconds to wait while another process holds the database."
    )
    night_nice: int = Field(
        10,
        ge=0,
        le=19,
        description="How far a night steps back for people at the desk, as `nice` counts; 0 for not at all.",
    )
    report_lang: str = Field(
        "ar", pattern="^(ar|en)$", description="Language in which a report opens: ar or en."
    )
    publisher: str = Field(
        "Tabayyun desk",
        min_length=1,
        max_length=200,
        description="Who publishes checks, as ClaimReview names it.",
    )
    publisher_url: str = Field(
        "https://example.org/checks/",
        pattern=r"^https?://[^\s<>\"']+/$",
        description="Where published checks will stand, ending in /; ClaimReview names it.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only the command line and the environment; the file is merged by `load_settings`."""
        return init_settings, env_settings

    @field_validator("store")
    @classmethod
    def _no_password(cls, store: str) -> str:
        """What stands in a settings file is read by many and ends in logs."""
        if re.search(r"password\s*=|://[^/@]*:[^/@]*@", store, re.IGNORECASE):
            raise ValueError("keep the password out of it, in ~/.pgpass or PGPASSWORD")
        return store


def load_settings(workspace: Path, overrides: list[str] | None = None) -> Settings:
    """The settings in force for a workspace. Raises ConfigError naming the setting that is wrong."""
    chosen: dict[str, Any] = {}
    for item in overrides or []:
        name, equals, value = item.partition("=")
        if not equals or name not in Settings.model_fields:
            raise ConfigError(f"--set {item}: not a setting; 'tabayyun settings' lists them as NAME=VALUE")
        chosen[name] = value
    path = workspace / FILE_NAME
    from_file = _read_file(path)
    for name in from_file:
        if name not in Settings.model_fields:
            raise ConfigError(f"{path}: {name} is not a setting; 'tabayyun settings' lists them")
    try:
        from_environment = Settings(**chosen)
        given = from_environment.model_fields_set
        merged = from_file | {name: getattr(from_environment, name) for name in given}
        return Settings(**merged)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        given_as = str(first["input"])[:40]
        raise ConfigError(
            f"setting {name} = {given_as}: {first['msg']}; 'tabayyun settings' lists them"
        ) from None


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except NotADirectoryError:
        raise ConfigError(f"{path.parent}: is a file, not a folder; name another --workspace") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as TOML ({error}); mend or remove it") from None
