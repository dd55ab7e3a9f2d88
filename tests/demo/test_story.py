"""A short play through the real product: what is told is what is in the log, and chance belongs to the seed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from payoff.demo.played import Played
from payoff.demo.story import lay_out, play
from payoff.texts import Texts
from payoff.use_cases.product import Product

ACCOUNTS, LENGTH = 300, 12


def _play(folder: Path, weeks: int = LENGTH) -> tuple[Product, Played]:
    return play(folder, seed=19, accounts=ACCOUNTS, weeks=weeks)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Product, Played]:
    return _play(tmp_path_factory.mktemp("demo"))


def test_the_story_goes_through_shadow_named_canary_and_ramp(played: tuple[Product, Played]) -> None:
    _, report = played
    first, better = report.releases
    assert (first.id, first.stage) == ("r0", "full")
    assert [stage for stage, *_ in better.stages] == ["draft", "shadow", "named", "canary", "ramp"]
    assert [week for week, _ in report.story] == sorted(week for week, _ in report.story)


def test_the_report_counts_what_is_in_the_log(played: tuple[Product, Played]) -> None:
    product, report = played
    tables = product.workspace.tables
    told = tables.arrow("suggestion").to_pylist()
    answered = [row for row in told if row["mode"] == "answer" and row["arm"] != "holdout"]
    assert sum(report.suggestions.values()) == len(answered)
    assert sum(report.responses.values()) == tables.arrow("response").num_rows
    assert sum(report.feedback.values()) == sum(report.fates.values()) == tables.arrow("feedback").num_rows
    assert report.fates["used"] > 0


def test_whoever_opens_the_desk_finds_it_lived_in(played: tuple[Product, Played]) -> None:
    product, _ = played
    desk = product.queue()
    assert {item.taken_by for item in desk} >= {"ana", "ben"}
    assert [item.lapsed for item in desk if item.lapsed] == ["dev"]
    assert {item.why for item in desk if item.state == "snoozed"} >= {"payroll week", "nobody answered"}
    assert any(item.corrected for item in desk)
    waiting = [item for item in product.inbox() if item.state == "new"]
    assert any("gone" in item.correction for item in waiting)
    assert any(item.correction.get("action") and item.comment for item in waiting)
    taken_back = [a.fate for a in product.answers_by("elif")]
    assert "taken back" in taken_back
    assert 0 < product.unread("ana") <= 4


def test_nobody_in_the_holdout_is_told_anything_and_about_a_tenth_are_in_it(
    played: tuple[Product, Played],
) -> None:
    product, _ = played
    rows = product.workspace.tables.arrow("suggestion").to_pylist()
    held = {row["unit"] for row in rows if row["arm"] == "holdout"}
    answered = {row["suggestion"] for row in product.workspace.tables.arrow("response").to_pylist()}
    assert all(row["action"] == "nothing" and row["id"] not in answered for row in rows if row["arm"] == "holdout")
    assert 0.05 < len(held) / ACCOUNTS < 0.16


def test_nothing_is_known_before_it_happened(played: tuple[Product, Played]) -> None:
    product, _ = played
    for kind in ("response", "outcome", "feedback", "pulse", "unit.facts"):
        table = product.workspace.tables.arrow(kind)
        assert table.num_rows
        assert all(row["at"] <= row["received_at"] for row in table.select(["at", "received_at"]).to_pylist())


def test_the_truth_is_told_beside_the_estimate(played: tuple[Product, Played]) -> None:
    _, report = played
    for release in report.releases:
        assert release.truth is not None
        assert abs(release.truth) < 0.3
    assert "simulated" in report.simulated
    assert "simulated" in report.as_text(Texts())
    assert json.loads(json.dumps(report.as_dict()))["company"] == report.company


def test_the_same_seed_tells_the_same_story(tmp_path: Path) -> None:
    told = []
    for name in ("one", "two"):
        product, report = _play(tmp_path / name, weeks=3)
        product.close()
        plain = report.as_dict()
        told.append({key: plain[key] for key in plain if key not in ("seconds", "ended")})
    assert told[0] == told[1]


def test_a_changed_brief_in_the_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "payoff.toml").write_text("# mine\n")
    lay_out(tmp_path)
    assert (tmp_path / "payoff.toml").read_text() == "# mine\n"
    assert (tmp_path / "playbook.toml").is_file()
