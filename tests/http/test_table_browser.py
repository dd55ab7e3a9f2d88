"""A filled table in a real Chromium, without JavaScript and on a phone: out, in, looked at, kept."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from tests import small
from tests.channelled import PEOPLE, answers
from tests.http.test_browser import Served, chromium, open_page

pytestmark = pytest.mark.browser
__all__ = ["chromium"]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_table_goes_out_and_comes_back_without_javascript(chromium: Any, tmp_path: Path, width: int) -> None:
    product = small.running(24, brief=small.BRIEF + PEOPLE)
    product.decide()
    with Served(product) as served:  # type: ignore[arg-type]
        page, faults = open_page(chromium, served, "ana", width=width, java_script_enabled=False)
        page.goto(f"{served.address}/desk")
        with page.expect_download() as download:
            page.get_by_role("link", name="Download what is shown").click()
        file = tmp_path / "calls.csv"
        download.value.save_as(file)
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))
        rows[0] |= {"answer": "done", "comment": "went\nwell"}
        rows[1] |= {"answer": "perhaps" * 40}
        with file.open("w", encoding="utf-16", newline="") as written:
            table = csv.DictWriter(written, fieldnames=list(rows[0]), delimiter="\t")
            table.writeheader()
            table.writerows(rows)
        page.get_by_role("link", name="Upload answers").click()
        for look in range(2):
            page.get_by_label("Your filled table (CSV)").set_input_files(file)
            page.get_by_role("button", name="Look at it first").click()
            assert page.locator("h1").count() == 1
            assert len(answers(product)) == look
            assert page.locator("main").bounding_box()["width"] <= width
            if look == 0:
                assert page.get_by_role("heading", name="1 new answer").is_visible()
                page.get_by_role("button", name="Keep this answer").click()
                assert page.get_by_text("1 answer kept").is_visible()
                page.go_back()
                assert page.get_by_role("button", name="Keep this answer").is_visible(), "the way back is no error"
                page.go_forward()
                page.get_by_role("link", name="Choose another file").click()
        assert page.get_by_role("heading", name="1 was answered like this already").is_visible()
        assert page.get_by_role("button", name="Keep").count() == 0
        assert answers(product) == [("done", "ana", "table")]
        assert [i.text for i in product.said_by("ana")] == ["went\nwell"]
        assert faults == []
