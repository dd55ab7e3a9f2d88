"""The page about the brief says what the schema takes."""

from pathlib import Path

from payoff.brief.reference import reference
from payoff.brief.schema import Brief, Playbook


def test_the_page_in_the_docs_is_current():
    page = Path(__file__).parents[2] / "docs" / "brief.md"
    assert page.read_text("utf-8") == reference(), "write it again with payoff.brief.reference.reference()"


def test_every_key_of_the_schema_is_on_the_page():
    page = reference()
    for model in (Brief, Playbook):
        for table in model.model_json_schema()["$defs"].values():
            for name in table["properties"]:
                headings = (f".{name}, a list of tables", f".{name}.NAME]", f".{name}]")
                assert f"| `{name}` |" in page or any(heading in page for heading in headings), name
