"""What of the outboxes comes to lie in the user's directory."""

import errno
import os
from pathlib import Path, PosixPath
from typing import Any

import pytest

from chalicelib.errors import RetakeError
from chalicelib.follow.copies import Copies, directory_for
from chalicelib.local.engine import Engine
from chalicelib.ports import Place


class Full(PosixPath):
    """On a disk that has room for the first byte of a picture."""

    def write_bytes(self, data: Any) -> int:
        if self.suffix == ".png":
            super().write_bytes(data[:1])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write_bytes(data)


def test_a_jobs_folder_is_copied_alone_and_again_only_where_it_has_changed(engine: Engine, tmp_path: Path) -> None:
    out = engine.names.outbox
    for key in ("p/job/result.json", "p/job/000-000.png", "p/job-2/result.json"):
        engine.s3.put_object(Bucket=out, Key=key, Body=b"1")
    copies = Copies(engine.s3, engine.names.inbox, tmp_path)
    copies.copy_folder(Place(out, "p/job/result.json"))
    assert sorted(path.name for path in tmp_path.rglob("*.*")) == ["000-000.png", "result.json"]
    (tmp_path / "p/job/result.json").write_text("mine")
    engine.s3.put_object(Bucket=out, Key="p/job/000-000.png", Body=b"2")
    copies.copy_all()
    assert (tmp_path / "p/job/result.json").read_text() == "mine"
    assert (tmp_path / "p/job/000-000.png").read_text() == "2"
    assert (tmp_path / "p/job-2/result.json").exists()


def test_everything_but_the_inbox_is_copied_from_every_bucket(engine: Engine, tmp_path: Path) -> None:
    engine.s3.create_bucket(Bucket="third")
    inbox = engine.names.inbox
    for bucket, key in ((inbox, "inbox/a.json"), (inbox, "in/b.txt"), ("third", "inbox/c.txt")):
        engine.s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    copies = Copies(engine.s3, engine.names.inbox, tmp_path)
    copies.copy_all()
    assert copies.left == {}
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")} == {"in/b.txt", "inbox/c.txt"}
    assert (tmp_path / "in/b.txt").read_text() == "in/b.txt"


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        (["a/../../escaped.txt"], "it would leave "),
        (["n" * 256], "File name too long"),
        (["n" * 256 + "/result.json"], "File name too long"),
        (["a", "a/result.json"], "a file is where its directory would be"),
        (["a/b", "a/b/c/d/result.json"], "a file is where its directory would be"),
    ],
)
def test_a_key_that_cannot_be_a_file_here_is_told_and_keeps_no_other_back(
    engine: Engine, tmp_path: Path, keys: list[str], why: str
) -> None:
    out = tmp_path / "out"
    for key in (*keys, "z.txt"):
        engine.s3.put_object(Bucket=engine.names.outbox, Key=key, Body=b"")
    copies = Copies(engine.s3, engine.names.inbox, out)
    copies.copy_all()
    ((place, said),) = copies.left.items()
    assert place in [Place(engine.names.outbox, key) for key in keys]
    assert why in said
    assert copies.shown_path(place.key) == f"{out / place.key} (not copied)"
    assert copies.shown_path("z.txt") == str(out / "z.txt")
    assert (out / "z.txt").exists()
    assert not (tmp_path / "escaped.txt").exists()


def test_a_folder_that_the_s3_console_made_is_a_directory(engine: Engine, tmp_path: Path) -> None:
    for key in ("mine/", "mine/result.json"):
        engine.s3.put_object(Bucket=engine.names.outbox, Key=key, Body=b"" if key.endswith("/") else b"{}")
    copies = Copies(engine.s3, engine.names.inbox, tmp_path)
    copies.copy_all()
    assert copies.left == {}
    assert (tmp_path / "mine" / "result.json").read_bytes() == b"{}"


def test_a_full_disk_is_told_and_leaves_no_half_a_picture(engine: Engine, tmp_path: Path) -> None:
    place = Place(engine.names.outbox, "p/job/000-000.png")
    for key in ("p/job/result.json", place.key):
        engine.s3.put_object(Bucket=place.bucket, Key=key, Body=b"11")
    copies = Copies(engine.s3, engine.names.inbox, Full(tmp_path))
    assert (copies.copy_folder(place), copies.full) == (False, True)
    assert [path.name for path in tmp_path.rglob("*.*")] == ["result.json"]
    assert copies.left == {place: "No space left on device"}
    copies.directory = tmp_path  # there is room again
    assert copies.copy_folder(place)
    assert copies.left == {}


def test_a_directory_that_cannot_be_written_is_refused_before_anything_begins(tmp_path: Path) -> None:
    read_only = Path("/proc/self")  # which not even root can write
    for out in (read_only, read_only / "new", _a_file(tmp_path), _a_file(tmp_path) / "new"):
        with pytest.raises(RetakeError, match="; name a directory that can be written"):
            directory_for(out)
    assert directory_for(tmp_path / "a" / "b").is_dir()


def _a_file(directory: Path) -> Path:
    path = directory / "file"
    path.touch()
    return path
