"""Sources are re-read every week: nothing counts twice, corrections stay, and it is all or nothing."""

from __future__ import annotations

import csv
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from tests.small import BRIEF, PLAYBOOK, START

from payoff.adapters.clock import SetClock
from payoff.configuration import open_product
from payoff.errors import BadInput

SOURCE = """
[sources.accounts]
as = "units"
file = "accounts.csv"
unit = "unit"
outcomes = { left = "left=yes" }
"""


def rows(folder: Path, **changes) -> None:
    with (folder / "accounts.csv").open("w", newline="") as file:
        write = csv.writer(file)
        write.writerow(["unit", "role", "seats", "left"])
        for i in range(60):
            seats, left = changes.get(f"a{i}", (3 + i % 5, "yes" if i % 4 == 0 else "no"))
            write.writerow([f"a{i}", "HR manager", seats, left])
    os.utime(folder / "accounts.csv", (START.timestamp(), START.timestamp()))


def product(folder: Path, more: str = ""):
    brief = BRIEF.replace('worth = -900.0\nsource = "api"', 'worth = -900.0\nsource = "accounts"')
    (folder / "payoff.toml").write_text(brief + SOURCE + more)
    (folder / "playbook.toml").write_text(PLAYBOOK)
    return open_product(folder, clock=SetClock(START), seed=1)


def later(made, folder: Path, days: int = 7) -> None:
    """The file is written anew, with the same or other content, on another day."""
    made.clock.advance(timedelta(days=days))
    stamp = made.clock.now().timestamp()
    os.utime(folder / "accounts.csv", (stamp, stamp))


def test_an_unchanged_file_written_anew_keeps_nothing_twice(tmp_path):
    rows(tmp_path)
    made = product(tmp_path)
    (first,) = made.read_sources()
    assert (first.facts, first.outcomes) == (60, 60)
    later(made, tmp_path)
    (again,) = made.read_sources()
    assert (again.facts, again.outcomes) == (0, 0)


def test_a_changed_state_is_news_once(tmp_path):
    rows(tmp_path)
    made = product(tmp_path)
    made.read_sources()
    rows(tmp_path, a1=(4, "yes"), a2=(50, "no"))
    later(made, tmp_path)
    (news,) = made.read_sources()
    assert (news.facts, news.outcomes) == (1, 1)


def test_a_correction_stays_until_the_source_itself_says_something_new(tmp_path):
    rows(tmp_path)
    made = product(tmp_path)
    made.read_sources()
    made.create_release("r0", "Rules", {"policy": "rules"}, by="pm", why="begin")
    made.promote("r0", by="pm", why="first")
    made.feedback(None, unit="a1", correction={"seats": 12}, by="ana")
    made.learn()

    def seats() -> int:
        return made.storage.log.latest("unit.facts", "a1").body["facts"]["seats"]

    assert seats() == 12
    later(made, tmp_path)
    made.read_sources()
    assert seats() == 12
    rows(tmp_path, a1=(40, "no"))
    later(made, tmp_path)
    made.read_sources()
    assert seats() == 40


def test_the_faults_of_all_sources_are_told_and_nothing_is_kept(tmp_path):
    rows(tmp_path)
    bad = '\n[sources.usage]\nas = "outcomes"\nfile = "missing.csv"\nunit = "unit"\noutcomes = { left = "x" }\n'
    made = product(tmp_path, bad)
    with pytest.raises(BadInput, match="usage"):
        made.read_sources()
    assert made.workspace.tables.arrow("unit.facts").num_rows == 0


def test_a_fact_that_gives_the_answer_away_is_refused_by_name_and_people_still_get_their_answers(tmp_path):
    rows(tmp_path)
    text = (tmp_path / "accounts.csv").read_text().splitlines()
    leak = [f"{line},{'closed_on' if i == 0 else int(line.endswith('yes'))}" for i, line in enumerate(text)]
    (tmp_path / "accounts.csv").write_text("\n".join(leak))
    os.utime(tmp_path / "accounts.csv", (START.timestamp(), START.timestamp()))
    made = product(tmp_path)
    made.read_sources()
    made.create_release("r0", "Rules", {"policy": "rules"}, by="pm", why="begin")
    made.promote("r0", by="pm", why="first")
    made.feedback(None, unit="a1", idea="a webinar", by="ana")
    report = made.learn()
    assert any("closed_on" in note and "refused" in note for note in report.notes)
    assert made.said_by("ana")[0].state == "used"
    learned = json.loads(made.storage.artefacts.get(made.releases()[0].artefact).payload)
    assert "closed_on" not in json.dumps(learned["risk"]["encoder"])


def test_a_weekly_turn_fills_the_desk(tmp_path):
    rows(tmp_path)
    made = product(tmp_path)
    made.read_sources()
    made.create_release("r0", "Rules", {"policy": "rules"}, by="pm", why="begin")
    made.promote("r0", by="pm", why="first")
    turn = made.cycle()
    assert turn.suggested > 40
    assert len(made.queue()) == turn.suggested
    assert made.cycle().suggested == turn.suggested  # those that wait are kept, not said again
    told = [r for r in made.workspace.tables.arrow("suggestion").to_pylist() if r["action"] != "nothing"]
    assert len(told) == turn.suggested


def test_importing_the_same_events_twice_keeps_nothing_twice(tmp_path):
    rows(tmp_path)
    made = product(tmp_path)
    made.read_sources()
    (tmp_path / "events.csv").write_text("kind,unit,name\noutcome,a1,first_value\noutcome,a2,first_value\n")
    from payoff.configuration.starting import read_table

    first = made.import_events("events", read_table(tmp_path / "events.csv"))
    again = made.import_events("events", read_table(tmp_path / "events.csv"))
    assert (first.rows, again.rows) == (2, 0)
