"""Brief and playbook: edited, shown first, kept with a history, taken at once, by other processes too."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests import small

from payoff.adapters.clock import SetClock
from payoff.brief.editing import BRIEF, PLAYBOOK
from payoff.configuration import open_product
from payoff.errors import BriefFaults, Refused, Unknown
from payoff.use_cases.documents import Meanwhile, Unconfirmed
from payoff.use_cases.product import Product

USERS = ("questions", "users")
NAMED = small.BRIEF + '\n[people.ada]\nname = "Ada Lind"\npermissions = ["admin"]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / BRIEF).write_text(NAMED, "utf-8")
    (tmp_path / PLAYBOOK).write_text("# by the experts\n" + small.PLAYBOOK, "utf-8")
    return tmp_path


def opened(folder: Path, at: datetime | None = None) -> Product:
    return open_product(folder, clock=SetClock(at or datetime.now(UTC)))


def say(product: Product, id: str = "setup_call") -> str:
    return next(a.say for a in product.playbook.actions if a.id == id)


def test_an_edit_is_in_use_in_the_file_and_in_the_history_with_its_author(folder: Path) -> None:
    product = opened(folder)
    documents = product.documents
    saved = documents.change_action("setup_call", {"say": "Ring {contact}"}, by="elena", base=1)
    assert (saved.number, saved.note) == (2, "")
    assert say(product) == "Ring {contact}"
    text = (folder / PLAYBOOK).read_text("utf-8")
    assert text.startswith("# by the experts\n")
    assert 'say = "Ring {contact}"' in text
    assert [(v.number, v.by) for v in documents.history(PLAYBOOK)] == [(2, "elena"), (1, "file")]
    assert documents.document(PLAYBOOK, 1).text == "# by the experts\n" + small.PLAYBOOK
    assert [line.kind for line in documents.compare(PLAYBOOK, 1, 2)].count("added") == 1


def test_what_is_judged_changes_with_the_brief(folder: Path) -> None:
    product = opened(folder)
    place = ("metrics", 0, "target")
    product.documents.put({place: 0.7}, by="paula", base=1, confirmed=True)
    assert product.workspace.declarations.metrics[0].target == 0.7
    product.documents.put({("product", "zone"): "Asia/Tokyo"}, by="paula", base=2, confirmed=True)
    assert product.texts.zone == "Asia/Tokyo"


def test_words_are_kept_at_once_and_all_else_is_shown_first(folder: Path) -> None:
    documents = opened(folder).documents
    assert not documents.look(BRIEF, lambda t: t.replace("five people", "six people")).matters
    look = documents.look(PLAYBOOK, lambda t: t.replace("cost = 10.0", "cost = 12.0"))
    assert any("€12" in said for said in look.effects)
    assert [line.text for line in look.lines if line.kind == "added"] == ["cost = 12.0"]
    assert documents.history(PLAYBOOK)[0].number == 1, "looking keeps nothing"


def test_everything_wrong_is_told_with_its_line_and_nothing_is_kept(folder: Path) -> None:
    product = opened(folder)
    text = product.documents.document(PLAYBOOK).text
    wrong = text.replace('say = "Send', "say = 3 #").replace("cost = 1.0", 'cost = "dear"')
    with pytest.raises(BriefFaults) as refused:
        product.documents.save(PLAYBOOK, wrong, by="elena", base=1)
    assert len(refused.value.faults) == 2
    assert all("playbook.toml line " in fault.where for fault in refused.value.faults)
    with pytest.raises(BriefFaults, match="to mend") as refused:
        product.documents.save(PLAYBOOK, text.replace("{contact}", "{contact"), by="elena", base=1)
    assert (folder / PLAYBOOK).read_text("utf-8") == text
    assert say(product).startswith("Call {contact}")


def test_what_was_wrong_before_does_not_stand_in_the_way(folder: Path) -> None:
    product = opened(folder)
    assert product.documents.report().faults, "the small brief has no goal"
    product.documents.put({USERS: "six people"}, by="paula", base=1)
    assert product.brief.questions.users == "six people"


def test_an_edit_from_an_older_version_is_no_conflict_unless_it_is_of_the_same_part(folder: Path) -> None:
    product = opened(folder)
    documents = product.documents
    documents.change_action("setup_call", {"why": "it is quick"}, by="elena", base=1)
    documents.change_action("tips_mail", {"why": "it is cheap"}, by="maya", base=1)
    with pytest.raises(Meanwhile) as conflict:
        documents.change_action("setup_call", {"why": "it is warm"}, by="maya", base=1)
    assert conflict.value.theirs.number == 3
    assert "it is warm" in conflict.value.yours
    assert "it is cheap" in conflict.value.yours, "with what others changed elsewhere"
    with pytest.raises(Meanwhile):
        documents.save(PLAYBOOK, documents.document(PLAYBOOK, 1).text, by="maya", base=1)
    documents.change_action("setup_call", {"why": "it is warm"}, by="maya", base=3)
    assert {a.why for a in product.playbook.actions} == {"it is warm", "it is cheap"}


def test_another_process_takes_the_edit_and_one_with_a_folder_of_its_own_gets_the_file(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("copy")
    for name in (BRIEF, PLAYBOOK):
        (elsewhere / name).write_bytes((folder / name).read_bytes())
    database = str(folder / "shared.db")
    one = open_product(folder, database=database)
    two = open_product(elsewhere, database=database)
    assert two.documents.reread(now=True) is False
    one.documents.change_action("setup_call", {"say": "Ring {contact}"}, by="elena", base=1)
    assert two.documents.reread(now=True) is True
    assert say(two) == "Ring {contact}"
    assert "Ring {contact}" in (elsewhere / PLAYBOOK).read_text("utf-8")
    assert [v.by for v in one.documents.history(PLAYBOOK)] == ["elena", "file"]
    assert two.documents.reread(now=True) is False
    assert one.documents.reread(now=True) is False


def test_looking_for_others_edits_costs_nothing_within_a_second(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = opened(folder)
    ticks = iter([100.0, 100.5, 101.6, 101.6, 101.7])
    product.documents.reread(now=True)
    monkeypatch.setattr("payoff.use_cases.documents.time.monotonic", lambda: next(ticks))
    product.documents._looked = 100.0
    (folder / PLAYBOOK).write_text(small.PLAYBOOK.replace("Call {contact}", "Ring {contact}"), "utf-8")
    assert product.documents.reread() is False
    assert product.documents.reread() is False
    assert product.documents.reread() is True


def test_a_file_edited_by_hand_is_a_version_and_one_that_cannot_be_read_changes_nothing(folder: Path) -> None:
    product = opened(folder)
    documents = product.documents
    good = small.PLAYBOOK.replace("Call {contact}", "Ring {contact}")
    (folder / PLAYBOOK).write_text(good, "utf-8")
    assert documents.reread(now=True)
    assert documents.history(PLAYBOOK)[0].by == "file"
    (folder / PLAYBOOK).write_text(good + "\nnonsense", "utf-8")
    assert documents.reread(now=True) is False
    assert say(product).startswith("Ring")
    assert "it ends too early" in str(documents.troubles[PLAYBOOK][0])
    assert documents.on_file(PLAYBOOK).endswith("nonsense")
    with pytest.raises(BriefFaults, match="changed by hand"):
        documents.change_action("setup_call", {"why": "x"}, by="elena", base=2)
    documents.save(PLAYBOOK, good, by="elena", base=2, mending=True)
    assert documents.troubles == {}
    assert (folder / PLAYBOOK).read_text("utf-8") == good


def test_the_name_of_the_product_does_not_change_under_it(folder: Path) -> None:
    product = opened(folder)
    (folder / BRIEF).write_text(NAMED.replace('name = "small"', 'name = "other"'), "utf-8")
    assert product.documents.reread(now=True) is False
    assert product.name == "small"
    assert "another product's name" in str(product.documents.troubles[BRIEF][0])


def test_at_the_next_start_a_newer_file_holds_and_one_that_missed_an_edit_is_brought_up(folder: Path) -> None:
    old = (folder / PLAYBOOK).read_text("utf-8")
    opened(folder).documents.change_action("setup_call", {"why": "it is warm"}, by="elena", base=1)
    now = (folder / PLAYBOOK).read_text("utf-8")
    (folder / PLAYBOOK).write_text(old, "utf-8")
    past = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    os.utime(folder / PLAYBOOK, (past, past))
    again = opened(folder)
    assert (folder / PLAYBOOK).read_text("utf-8") == now
    assert again.playbook.actions[0].why == "it is warm"
    (folder / PLAYBOOK).write_text(old, "utf-8")
    future = (datetime.now(UTC) + timedelta(hours=1)).timestamp()
    os.utime(folder / PLAYBOOK, (future, future))
    reverted = opened(folder)
    assert reverted.playbook.actions[0].why == "People who are shown the first run finish it"
    assert [v.by for v in reverted.documents.history(PLAYBOOK)] == ["file", "elena", "file"]


def test_a_folder_nobody_may_write_keeps_the_edit_and_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = opened(folder)

    def closed(**_: object) -> None:
        raise OSError(13, "Permission denied")

    monkeypatch.setattr("payoff.adapters.folder.tempfile.mkstemp", closed)
    saved = product.documents.put({USERS: "six people"}, by="paula", base=1)
    assert "cannot be written" in saved.note
    assert product.brief.questions.users == "six people"
    monkeypatch.undo()
    past = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    os.utime(folder / BRIEF, (past, past))
    assert opened(folder).brief.questions.users == "six people"


def test_one_change_is_taken_back_or_everything_goes_back(folder: Path) -> None:
    product = opened(folder)
    documents = product.documents
    documents.change_action("setup_call", {"why": "it is warm"}, by="elena", base=1)
    documents.change_action("tips_mail", {"name": "Three tips"}, by="maya", base=2)
    text = documents.then(PLAYBOOK, 2, "undo")
    documents.save(PLAYBOOK, text, by="elena", base=3, confirmed=True)
    assert [(a.name, a.why) for a in product.playbook.actions] == [
        ("Set-up call", "People who are shown the first run finish it"), ("Three tips", ""),
    ]  # fmt: skip
    assert documents.then(PLAYBOOK, 1, "back") == "# by the experts\n" + small.PLAYBOOK
    documents.change_action("tips_mail", {"name": "Four tips"}, by="maya", base=4)
    with pytest.raises(Refused, match="later version changed the same lines"):
        documents.then(PLAYBOOK, 3, "undo")
    with pytest.raises(Unknown, match="version 99"):
        documents.then(PLAYBOOK, 99, "back")


def test_guarded_parts_are_an_admins_and_the_last_admin_stays(folder: Path) -> None:
    product = opened(folder)
    documents, text = product.documents, NAMED
    for more in ('\n[people.eve]\nname = "Eve"\n', '\n[sources.x]\nas = "units"\nfile = "/etc/x"\nunit = "id"\n'):
        with pytest.raises(BriefFaults, match="to mend") as refused:
            documents.save(BRIEF, text + more, by="paula", base=1, confirmed=True)
        assert any("only an admin" in str(fault) for fault in refused.value.faults)
    with pytest.raises(BriefFaults):
        documents.save(
            BRIEF, text.replace('["admin"]', '["manager"]'), by="ada", base=1, confirmed=True, admin=True
        )
    more = text + '\n[people.eve]\nname = "Eve"\n'
    assert documents.save(BRIEF, more, by="ada", base=1, confirmed=True, admin=True).number == 2


def test_during_a_trial_a_warned_edit_needs_a_word_and_what_was_agreed_stays() -> None:
    product = small.running(12)
    product.create_release(
        "r1", "Another order", {"policy": "constant", "action": "tips_mail"}, by="pm", why="try"
    )
    product.move("r1", "ramp", share=1.0, by="pm", why="try")
    documents = product.documents
    with pytest.raises(Unconfirmed, match="r1 is on trial"):
        documents.change_action("setup_call", {"cost": 20.0}, by="elena", base=0)
    assert documents.change_action("setup_call", {"cost": 20.0}, by="elena", base=0, confirmed=True).number == 1
    with pytest.raises(BriefFaults, match="to mend"):
        documents.put({("metrics", 1, "margin"): 0.2}, by="maya", base=0, confirmed=True)
    with pytest.raises(Refused, match="r1 does nothing but this action"):
        documents.retire_action("tips_mail", by="elena", base=1)


def test_a_retired_action_is_no_longer_chosen_and_comes_back_from_the_history() -> None:
    product = small.running(12)
    documents = product.documents
    text = documents.document(PLAYBOOK).text
    documents.save(PLAYBOOK, text + "# kept\n", by="elena", base=0, confirmed=True)
    documents.retire_action("setup_call", by="elena", base=1, confirmed=True)
    assert "setup_call" not in {s.action for s in product.decide()}
    documents.save(PLAYBOOK, documents.then(PLAYBOOK, 2, "undo"), by="elena", base=2, confirmed=True)
    assert [a.id for a in product.playbook.actions] == ["setup_call", "tips_mail"]
