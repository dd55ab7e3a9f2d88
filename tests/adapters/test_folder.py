"""The product's folder: a file is replaced in one step, keeps its rights, its line ends and what links to it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from payoff.adapters.folder import ProductFolder
from payoff.errors import BadInput, Unavailable
from payoff.ports import ProductFiles

NAME = "payoff.toml"


def test_it_keeps_its_port_and_reads_what_it_wrote(tmp_path: Path) -> None:
    folder = ProductFolder(tmp_path)
    assert isinstance(folder, ProductFiles)
    assert (folder.read(NAME), folder.stamp(NAME)) == (None, None)
    folder.write(NAME, "größer = 1\n")
    found = folder.read(NAME)
    assert found is not None
    assert found[0] == "größer = 1\n"
    before = folder.stamp(NAME)
    folder.write(NAME, "größer = 2\n")
    assert folder.stamp(NAME) != before
    assert [p.name for p in tmp_path.iterdir()] == [NAME], "nothing temporary stays"


def test_rights_stay_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_text("a")
    path.chmod(0o640)
    ProductFolder(tmp_path).write(NAME, "b")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_first_file_can_be_read_by_others_as_usual(tmp_path: Path) -> None:
    (tmp_path / "usual").write_text("")
    ProductFolder(tmp_path).write(NAME, "b")
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == stat.S_IMODE((tmp_path / "usual").stat().st_mode)


def test_lines_end_as_they_did(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"a = 1\r\nb = 2\r\n")
    folder = ProductFolder(tmp_path)
    found = folder.read(NAME)
    assert found is not None
    assert found[0] == "a = 1\nb = 2\n"
    folder.write(NAME, "a = 1\nb = 3\n")
    assert (tmp_path / NAME).read_bytes() == b"a = 1\r\nb = 3\r\n"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "kept elsewhere.toml"
    real.write_text("a")
    (tmp_path / NAME).symlink_to(real)
    ProductFolder(tmp_path).write(NAME, "b")
    assert (tmp_path / NAME).is_symlink()
    assert real.read_text() == "b"


def test_what_cannot_be_read_or_written_is_told(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match=r"payoff\.toml"):
        ProductFolder(tmp_path).read(NAME)
    with pytest.raises(Unavailable, match="cannot be written"):
        ProductFolder(tmp_path / "nowhere").write(NAME, "a")
    (tmp_path / "playbook.toml").mkdir()
    with pytest.raises(Unavailable):
        ProductFolder(tmp_path).write("playbook.toml", "a")
    assert sorted(p.name for p in tmp_path.iterdir()) == [NAME, "playbook.toml"]
