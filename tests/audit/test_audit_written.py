"""An audit in plain characters: what stands where, and that nothing of the user's is read as anything but text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import numpy as np
import pytest
from markdown_it import MarkdownIt

import payoff
from payoff.audit import first_page
from payoff.audit.markdown import safe
from payoff.audit.report import Basis, Chart, Finding, Report, Section, Step, Table

HOSTILE = "<script>alert(1)</script> `x` **b** [a](http://evil.example) | pipe <img src=x> \x1b[31m"


def report(sections: tuple[Section, ...] = (), **changed: object) -> Report:
    frame = {"score": np.linspace(0, 1, 200), "churned": np.arange(200) % 3 == 0}
    made = payoff.audit(frame, name="plain.csv")
    return Report(
        **{
            **{field: getattr(made, field) for field in Report.__dataclass_fields__},
            **({"sections": sections} if sections else {}),
            **changed,
        }
    )


def finding(n: int, kind: str = "know", section: str = "trust", **changed: object) -> Finding:
    return Finding(f"f{n}", kind, f"Sentence number {n}.", 0.5 - n / 100, section, **changed)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def hostile() -> Report:
    """A table whose columns, values, name and answers are all out to be read as markup."""
    rng = np.random.default_rng(1)
    outcome = f"{HOSTILE} churned"
    frame = {
        "score": rng.random(600),
        outcome: rng.integers(0, 2, 600),
        f"{HOSTILE} sex": rng.choice([HOSTILE, "m|f"], 600),
    }
    brief = {"users": HOSTILE, "problem": ["a", HOSTILE]}
    return payoff.audit(frame, score="score", label=outcome, name=HOSTILE, brief=brief)


def test_the_summary_holds_headline_findings_monday_and_what_is_missing_in_one_line() -> None:
    made = report()
    flat = " ".join(made.as_summary(width=80).split())
    steps = made.section("monday").steps
    for sentence in (made.headline, *(f.text for f in made.findings), made.decides, *(s.command for s in steps)):
        assert sentence in flat
    assert f"What this file cannot say: {', '.join(made.missing)}" in flat
    assert next(iter(made.missing.values())) not in flat


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_but_a_command_is_wider_than_the_screen(width: int) -> None:
    for text in (report().as_summary(width), report().as_text(width)):
        assert [line for line in text.splitlines() if len(line) > width and "$ " not in line] == []


def test_the_whole_text_holds_every_sentence_table_answer_and_basis() -> None:
    made = report()
    flat = " ".join(made.as_text(width=100).split())
    for section in made.sections:
        assert section.title in flat
        for found in section.findings:
            assert found.text in flat
            assert found.basis is not None and found.basis.method in flat
        for chart in section.charts:
            assert chart.says in flat
    for answer in made.missing.values():
        assert answer in flat


def test_a_table_too_wide_for_the_screen_is_told_line_by_line() -> None:
    table = Table("Wide", ("who", "what they said"), (("a person", "words " * 30),))
    made = report((Section("trust", "Trust", tables=(table,)),))
    text = made.as_text(width=60)
    assert "· a person" in text
    assert "what they said: words" in " ".join(text.split())


def test_every_stop_is_on_the_first_page_even_beyond_five_and_the_rest_is_counted() -> None:
    stops = tuple(finding(i, "stop") for i in range(7))
    made = report((Section("trust", "Trust", (*stops, *(finding(i) for i in range(7, 10)))),))
    shown = first_page.findings(made)
    assert {f.key for f in stops} <= {f.key for f in shown}
    assert first_page.more_below(made) == "and 3 more below"
    assert "and 3 more in the whole report (--full)" in made.as_summary()
    assert first_page.more_below(report((Section("trust", "Trust", (finding(1),)),))) == ""


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"touches": 0.23}, "touches about 23 of 100 rows"),
        ({"touches": 1.0}, "touches every row"),
        ({"touches": 0.999}, "touches about 99 of 100 rows"),
        ({"touches": 0.001}, "touches fewer than 1 of 100 rows"),
        ({"touches": 0.0}, ""),
        ({"touches": 0.5, "money": 41_000.0}, "costs about 41,000 at your figures"),
        ({"touches": 0.5, "money": -900.0}, "brings about 900 at your figures"),
    ],
)
def test_what_is_at_stake_is_money_where_there_is_any_else_rows(changed: dict[str, float], said: str) -> None:
    assert first_page.stake(report(), Finding("f", "know", "Sentence.", section="trust", **changed)) == said  # type: ignore[arg-type]


def test_how_we_know_names_rows_interval_method_source_and_the_call_elsewhere() -> None:
    basis = Basis(7043, "Counted.", (-0.0123456, 0.5), "Wilson 1927", "scipy.stats.sem(a)")
    told = dict(first_page.basis(report(), basis))
    assert list(told.values()) == ["7,043", "−0.01235 to 0.5", "Counted.", "Wilson 1927", "scipy.stats.sem(a)"]
    assert first_page.basis(report(), None) == []


def test_without_a_protected_column_who_is_worse_off_reads_not_checked() -> None:
    made = report()
    answers = {q.name: q for q in first_page.questions(made)}
    assert answers["harm"].answer == "NOT CHECKED"
    assert "monday" not in answers
    for text in (made.as_text(), made.as_markdown()):
        assert "NOT CHECKED" in text
    segments = Section("harm", "Who?", (finding(1, section="harm"),), answer="2 groups")
    by_segment = first_page.questions(report((segments,)))[0].answer
    assert by_segment == "NOT CHECKED for protected groups; among the other groups: 2 groups"
    checked = report((segments,), columns={"protected": ["sex"]})
    assert first_page.questions(checked)[0].answer == "2 groups"


def rendered(markdown: str) -> str:
    return str(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown))


def tags(html: str) -> set[str]:
    return set(re.findall(r"</?(\w+)", html))


OURS = {"h1", "h2", "p", "strong", "em", "ul", "ol", "li", "blockquote", "br", "code"}
OURS |= {"table", "thead", "tbody", "tr", "th", "td"}


def test_hostile_names_are_only_text_in_markdown(hostile: Report) -> None:
    html = rendered(hostile.as_markdown())
    assert tags(html) <= OURS
    assert "&lt;script&gt;alert(1)&lt;/script&gt; `x` **b** [a](" in html
    assert not re.search(r"<code>x</code>|<strong>b</strong>", html)
    assert "http://" not in hostile.as_markdown()


def test_hostile_cells_leave_the_table_whole_in_markdown(hostile: Report) -> None:
    html = rendered(hostile.as_markdown())
    for table in re.findall(r"<table>.*?</table>", html, re.DOTALL):
        widths = {len(re.findall(r"<t[hd]", row)) for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)}
        assert len(widths) == 1
    assert html.count("<table>") == sum(len(s.tables) for s in hostile.sections)


@pytest.mark.parametrize(
    "text",
    [
        "1. one",
        "2) two",
        "- dash",
        "+ plus",
        "# head",
        "> quote",
        "    code",
        "~~gone~~",
        "a\n\n# b",
        "===",
        "---",
        "***",
    ],
)
def test_text_at_the_head_of_a_line_begins_no_list_heading_or_quote(text: str) -> None:
    html = rendered(safe(text))
    assert tags(html) == {"p"}
    plain = " ".join(re.sub(r"<[^>]*>", "", html).replace("&gt;", ">").split())
    assert plain == " ".join(text.split())


@pytest.mark.parametrize("form", [Report.as_text, Report.as_summary, Report.as_markdown])
def test_nothing_in_a_table_can_move_the_cursor_or_turn_the_text(
    hostile: Report, form: Callable[..., str]
) -> None:
    turned = report(headline="a\u202eb\u200f\x07")
    for text in (form(hostile), form(turned)):
        assert not re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200f\u202e]", text)


def test_a_command_with_backticks_stays_one_piece_of_code() -> None:
    steps = (Step("Do it.\nWho: you.", "payoff audit 'a`b``c.csv'"),)
    html = rendered(report((Section("monday", "Monday", steps=steps),)).as_markdown())
    assert "<code>payoff audit 'a`b``c.csv'</code>" in html
    assert "Who: you." in html


def test_a_chart_is_told_by_its_sentence_where_none_can_be_drawn() -> None:
    section = Section("trust", "Trust", charts=(Chart("Title", {}, "Seven of ten."),))
    made = report((section,))
    assert "Seven of ten." in made.as_text()
    assert "Seven of ten." in made.as_markdown()


def test_the_message_to_forward_stands_alone() -> None:
    made = report()
    assert made.forward.startswith("Audit of plain.csv (200 rows). ")
    for said in (made.headline, made.decides, made.undecided):
        assert said in made.forward
    assert json.loads(json.dumps(made.as_dict()))["decides"] == made.decides
