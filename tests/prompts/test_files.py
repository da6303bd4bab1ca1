"""What is uploaded, and how its jobs are told apart."""

import json
from pathlib import Path

import pytest

from chalicelib.errors import CannotGoOn
from chalicelib.prompts.files import files_of, label_of, samples
from chalicelib.prompts.rows import Row
from chalicelib.prompts.sources import read_prompts


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        (["lake.json"], ["inbox/lake.json"]),
        (["a/lake.json", "b/lake.json"], ["inbox/lake.json", "inbox/lake-2.json"]),
        (["a b.json", "a+b.json"], ["inbox/a b.json", "inbox/a+b-2.json"]),
        (["x-2.json", "x.json", "y/x.json"], ["inbox/x-2.json", "inbox/x.json", "inbox/x-3.json"]),
        (["夜.json", "景.json"], ["inbox/夜.json", "inbox/景-2.json"]),
        ([f"{'n' * 70}.json", f"{'n' * 71}.json"], [f"inbox/{'n' * 70}.json", f"inbox/{'n' * 48}-2.json"]),
    ],
)
def test_no_two_files_share_a_key_or_a_label(tmp_path: Path, names: list[str], keys: list[str]) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    rows = read_prompts([str(tmp_path / name) for name in names], bytes, {})
    files = files_of([row for row in rows if isinstance(row, Row)])
    assert [file.key for file in files] == keys
    assert len({file.label for file in files}) == len(files)


def test_fields_that_are_set_are_set_in_the_samples_too() -> None:
    assert [json.loads(sample.body)["max_retry_attempts"] for sample in samples({"max_retry_attempts": 2})] == [2, 2]


def test_a_jobs_label_is_what_its_name_begins_with() -> None:
    assert label_of("my-lake-2-20261122T081500Z-1f2e3d4c") == "my-lake-2"


def test_the_samples_are_the_articles_events() -> None:
    landscape, aurora = (json.loads(sample.body) for sample in samples())
    assert landscape["prompt"] == "A serene landscape with mountains and a lake"
    assert (landscape["output_s3_bucket_name"], len(landscape)) == ("your-output-bucket-name", 18)
    assert aurora["prompt"].endswith("地平線から太陽が出ている無人の写真。")
    assert (aurora["max_retry_attempts"], aurora["max_prompt_revisions"]) == (5, 5)


def test_a_directory_named_like_a_prompt_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(CannotGoOn, match="Is a directory"):
        read_prompts([str(tmp_path / "folder.json")], bytes, {})
