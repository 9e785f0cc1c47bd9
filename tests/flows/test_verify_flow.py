"""The verification as a flow: its steps are tasks, its report an artifact, and a bad page fails nothing."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey, FlowRunFilter, FlowRunFilterId
from prefect.testing.utilities import prefect_test_harness

from claims.errors import InputError
from claims.pipeline import Finished, reading
from flows.verify import verify_flow

TEXT = "وافتتح الملك عبد الله الثاني محطة جديدة للكهرباء في معان يوم 5 مارس 2024. وبلغ إنتاجها 2700 ميغاواط."
PAGE = (
    "<!doctype html><html lang='ar'><title>محطة معان {}</title><article><h1>محطة معان</h1><p>{}</p></article>"
)


@pytest.fixture(scope="module")
def orchestrator() -> Iterator[None]:
    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def world(tmp_path: Path) -> dict[str, object]:
    """The flow's parameters: an article, and two pages of which the second trips the reader."""
    (tmp_path / "article.txt").write_text(TEXT, encoding="utf-8")
    for name in ("good", "bad"):
        text = (
            "حضر وزير الطاقة ومسؤولون من محافظة معان حفل افتتاح المحطة الشمسية الجديدة قرب المدينة. "
            "وقال مدير المشروع إن الملك عبد الله الثاني افتتحها، وإنها تبعد عن معان ثلاثة كيلومترات."
        )
        (tmp_path / f"{name}.html").write_text(PAGE.format(name, text), encoding="utf-8")
    (tmp_path / "web.toml").write_text(
        "".join(
            f'[[page]]\nurl = "http://{name}.example/"\nfile = "{name}.html"\nlang = "ar"\ntitle = "محطة معان"\n'
            for name in ("good", "bad")
        )
    )
    (tmp_path / "sources.toml").write_text(
        '[fetch]\nper_host_delay_s = 0\n[[source]]\nname = "recorded"\nkind = "replay"\npath = "web.toml"\n'
    )
    return {
        "sources": [str(tmp_path / "article.txt")],
        "published": "2024-03-10",
        "workspace": str(tmp_path / "ws"),
        "evidence": str(tmp_path / "sources.toml"),
    }


def test_tasks_artifacts_and_a_page_that_fails(
    orchestrator: None, world: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = reading.read_page

    def breaking(body: bytes, url: str, kind: str | None) -> object:
        if "bad.example" in url:
            raise RuntimeError("tripped")
        return read(body, url, kind)

    monkeypatch.setattr(reading, "read_page", breaking)

    async def run() -> None:
        state = await verify_flow(**world, return_state=True)
        assert state.is_completed(), state.message
        finished: Finished = await state.result()
        assert finished.report and finished.claims >= 1 and finished.bad == ()
        async with get_client() as client:
            of_run = FlowRunFilter(id=FlowRunFilterId(any_=[state.state_details.flow_run_id]))
            tasks = await client.read_task_runs(flow_run_filter=of_run)
            links = await client.read_artifacts(
                artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=["verification-report"])),
                flow_run_filter=of_run,
            )
            tables = await client.read_artifacts(
                artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=["verdicts"])),
                flow_run_filter=of_run,
            )
        assert {task.name.rpartition("-")[0] for task in tasks} == {"search", "fetch", "weigh", "publish"}
        assert all(task.state and task.state.is_completed() for task in tasks)
        assert finished.report.resolve().as_uri() in str(links[0].data)
        assert str(tables[0].data).count('"verdict"') == finished.claims
        lines = (finished.report.parent / "claims.jsonl").read_text(encoding="utf-8")
        assert '"http://bad.example/", "outcome": "error"' in lines and "RuntimeError" in lines
        assert '"url": "http://good.example/"' in lines

    asyncio.run(run())


def test_an_article_that_is_not_there_fails_the_flow_with_its_own_error(
    orchestrator: None, world: dict[str, object]
) -> None:
    with pytest.raises(InputError, match="no such file"):
        asyncio.run(verify_flow(**(world | {"sources": ["/nowhere/article.txt"]})))
