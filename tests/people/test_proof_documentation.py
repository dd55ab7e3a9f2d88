"""The code in docs/widget.md is run: it makes the proof that stands beside it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.people.test_proof import SECRET, VECTOR

PAGE = (Path(__file__).parents[2] / "docs" / "widget.md").read_text("utf-8")
PERSON, EXPIRY = "ann@example.com", VECTOR.split(".")[1]
GIVEN = f'"{SECRET}", "acct-42", "{PERSON}", {EXPIRY}'


def code(language: str) -> str:
    found = [block for block in re.findall(rf"```{language}\n(.*?)```", PAGE, re.S) if "proof(" in block]
    assert len(found) == 1, language
    return found[0]


def java(folder: Path) -> list[str]:
    head = f"public class Main {{ {code('java')}"
    body = f"public static void main(String[] a) throws Exception {{ System.out.print(proof({GIVEN}L)); }} }}"
    (folder / "Main.java").write_text(head + body, "utf-8")
    return ["java", str(folder / "Main.java")]


def script(name: str, head: str, language: str, tail: str, *command: str) -> Callable[[Path], list[str]]:
    def made(folder: Path) -> list[str]:
        (folder / name).write_text(head + code(language) + tail, "utf-8")
        return [*command, str(folder / name)]

    return made


RUNS: dict[str, Callable[[Path], list[str]]] = {
    sys.executable: script("p.py", "", "python", f'\nprint(proof({GIVEN}), end="")', sys.executable),
    "node": script("p.js", "", "javascript", f"\nprocess.stdout.write(proof({GIVEN}))", "node"),
    "php": script("p.php", "<?php\n", "php", f"\necho proof({GIVEN});", "php"),
    "java": java,
}


@pytest.mark.parametrize("interpreter", RUNS, ids=["python", "node", "php", "java"])
def test_the_code_of_the_documentation_makes_the_proof_beside_it(interpreter: str, tmp_path: Path) -> None:
    if shutil.which(interpreter) is None:
        pytest.skip(f"no {interpreter} on this machine: its example was not run")
    done = subprocess.run(RUNS[interpreter](tmp_path), capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == VECTOR, done.stderr


def test_the_vector_stands_in_the_documentation() -> None:
    for text in (SECRET, VECTOR, PERSON, EXPIRY):
        assert f"`{text}`" in PAGE
