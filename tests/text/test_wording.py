"""Small pieces of sentences that are said in several places."""

from chalicelib.text.wording import counted, did_you_mean


def test_one_thing_is_singular_and_thousands_are_parted():
    told = [counted(number, "image") for number in (0, 1, 2_000)]
    assert told == ["0 images", "1 image", "2,000 images"]


def test_the_nearest_known_name_is_told_whatever_its_case_else_all_of_them():
    assert did_you_mean("Promt", iter(["prompt", "seed"])) == "did you mean 'prompt'?"
    assert did_you_mean("zebra", ["prompt", "seed"]) == "known: prompt, seed"
