"""Claims that a night found alike are suggested to people, who join them or tell them apart."""

from __future__ import annotations

from pathlib import Path

from desk_server import Person, copied, running

from claims.record.status import claim_status
from claims.record.store import Store


def test_a_suggestion_is_taken_up_or_turned_down_by_a_person(sample_workspace: Path, tmp_path: Path) -> None:
    workspace = copied(sample_workspace, tmp_path / "workspace")
    one, other, third, *_ = (str(row["claim_id"]) for row in claim_status(workspace))
    store = Store(workspace, busy_wait_s=60)
    with store.turn() as con:
        for pair in ((one, other), (third, one)):
            con.execute("INSERT INTO claim_match SELECT run_id, ?, ?, 0.7, 'related' FROM run", list(pair))
    store.publish()
    with running(workspace) as url:
        ravi, salma = Person(url, "ravi"), Person(url, "salma")

        def suggested(claim: str) -> list[str]:
            links = salma.page(f"/claims/{claim}").select(".alike li > a")
            return sorted(str(link["href"]).removeprefix("/claims/") for link in links)

        assert suggested(one) == sorted([other, third])
        assert suggested(other) == suggested(third) == [one]
        assert ravi.act(one, f"apart:{other}").is_redirect
        assert suggested(one) == [third] and suggested(other) == []
        log = ravi.page(f"/claims/{one}").select_one("#desk-log")
        assert (
            log is not None and "said that it is not the same" in log.get_text() and other in log.get_text()
        )
        assert ravi.act(third, f"join:{one}").is_redirect
        assert suggested(one) == suggested(third) == []
        assert third in ravi.claims(state="joined")
        assert ravi.act(one, "apart:nothing").status_code == 422
