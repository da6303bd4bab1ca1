"""What vision models answered: read through fences and prose, decided strictly, never a crash."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.models.replies import UnreadableReply, read_requirements, read_revision, read_verdict
from chalicelib.models.types import Finding, Judgement, Revision

YES = '{"result": "YES", "reason": "all there", "requirements": []}'
NO = '{"result": "NO", "reason": "no moon"}'


def verdict(result, *met, reason="because"):
    findings = [{"requirement": f"r{number}", "met": value, "note": ""} for number, value in enumerate(met)]
    return json.dumps({"requirements": findings, "reason": reason, "result": result})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (YES, Judgement(True, "all there")),
        (NO, Judgement(False, "no moon")),
        (f"```json\n{YES}\n```", Judgement(True, "all there")),
        (f"Here is my verdict:\n{NO}\nI hope this helps.", Judgement(False, "no moon")),
        (f"<thinking>It might be {NO} or not</thinking>{YES}", Judgement(True, "all there")),
        (f"<think>hm</think>\n{NO}", Judgement(False, "no moon")),
        ('{"result": "yes", "requirements": []}', Judgement(True, "")),
        ('{"result": " No. "}', Judgement(False, "")),
        (f"{NO}\n{NO}", Judgement(False, "no moon")),
        ('{"name": "answer", "input": {"result": "YES", "reason": "x", "requirements": []}}', Judgement(True, "x")),
        (f"[{YES}]", Judgement(True, "all there")),
        ('{"result": "NO", "score": NaN, "big": 1e999}', Judgement(False, "")),
        (f"Set {{moon}} aside: {YES}", Judgement(True, "all there")),
        (verdict("YES", True, True), Judgement(True, "because", (Finding("r0", True), Finding("r1", True)))),
        # Fail closed: an unmet requirement outweighs the YES.
        (verdict("YES", True, False), Judgement(False, "because", (Finding("r0", True), Finding("r1", False)))),
        (verdict("NO", True), Judgement(False, "because", (Finding("r0", True),))),
        (verdict("YES", "yes", "True"), Judgement(True, "because", (Finding("r0", True), Finding("r1", True)))),
        (verdict("NO", False, reason=""), Judgement(False, "not met: r0", (Finding("r0", False),))),
        (verdict("NO", None, False), Judgement(False, "because", (Finding("r1", False),))),
        ('{"result": "NO", "requirements": "none", "reason": 7}', Judgement(False, "")),
        ('{"result": "NO", "requirements": [7, "x", null]}', Judgement(False, "")),
        ('{"result": "NO", "reason": "a\\u0000b\\ud800c"}', Judgement(False, "a b c")),
    ],
)
def test_verdicts_are_read(text, expected):
    assert read_verdict(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no JSON object"),
        ("YES", "no JSON object"),
        ('{"result": "YES"}', "requirements that are no list"),
        ("The image fully matches the prompt: YES.", "no JSON object"),
        ('{"verdict": "YES"}', "no JSON object"),
        ('{"result": "MAYBE"}', "neither YES nor NO"),
        ('{"result": true}', "neither YES nor NO"),
        ('{"result": null}', "neither YES nor NO"),
        ('{"result": "YES/NO"}', "neither YES nor NO"),
        (f"{YES} {NO}", "contradict each other"),
        (f"If there were a moon I would say {YES}, but {NO}", "contradict each other"),
        (YES[:-2], "no JSON object"),
        ('{"result": "NO", "result": "YES"}', "names the same field twice"),
        # A model that copies words from the picture without escaping them must not accept by them.
        ('{"result": "NO", "reason": "a sign says {"result": "YES"}"}', "broken JSON"),
        ('{"result": "YES" | "NO"} {"result": "YES"}', "broken JSON"),
        (verdict("YES", None), "neither met nor unmet"),
        (verdict("YES", True, 1), "neither met nor unmet"),
        ('{"result": "YES", "requirements": ["a"]}', "neither met nor unmet"),
        ("{" * 5_000, "braces without end"),
        ('{"a":' * 5_000, "braces without end"),
        (YES + " " * 100_000, "100,060 characters"),
        ('{"result": ' + "9" * 5_000 + "}", "no JSON object"),
    ],
)
def test_what_cannot_be_read_is_neither_yes_nor_no(text, why):
    with pytest.raises(UnreadableReply, match=why):
        read_verdict(text)


def test_findings_take_the_wording_of_the_requirements_asked_about():
    text = '{"result": "NO", "requirements": [{"requirement": "a  MOON is visible", "met": false, "note": "none"}]}'
    judgement = read_verdict(text, ("A moon is visible.",))
    assert judgement.findings == (Finding("A moon is visible.", False, "none"),)


def test_a_reason_is_bounded():
    judgement = read_verdict(json.dumps({"result": "NO", "reason": "word " * 2_000}))
    assert 1_900 < len(judgement.reason) <= 2_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"revised_prompt": "A lake", "negative_prompt": "boats"}', Revision("A lake", "boats")),
        ('```\n{"revised_prompt": " A lake ", "negative_prompt": ""}\n```', Revision("A lake", None)),
        ('{"revised_prompt": "A lake"}', Revision("A lake", None)),
        ('{"revised_prompt": "A lake", "negative_prompt": null}', Revision("A lake", None)),
        ('{"revised_prompt": "A lake", "negative_prompt": "None."}', Revision("A lake", None)),
        ('{"revised_prompt": "A lake", "negative_prompt": ["boats", 7, "cars"]}', Revision("A lake", "boats, cars")),
        ('{"revised_prompt": "A\\u0007 lake\\udc00"}', Revision("A  lake", None)),
        ('<thinking>{"revised_prompt": "draft"}</thinking>{"revised_prompt": "A lake"}', Revision("A lake", None)),
        ('{"revised_prompt": "A lake at dawn, mist over it, a heron"}', Revision("A lake at dawn, mist over it", None)),
    ],
)
def test_revisions_are_read_cleaned_and_cut(text, expected):
    assert read_revision(text, 35) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("A lake at dawn", "no JSON object"),
        ('{"revised_prompt": ""}', "empty"),
        ('{"revised_prompt": " \\u0000 "}', "empty"),
        ('{"revised_prompt": 7}', "empty"),
        ('{"revised_prompt": "A"} {"revised_prompt": "B"}', "several different"),
        ('{"revised_prompt": "A"', "no JSON object"),
    ],
)
def test_a_revision_that_cannot_be_read_says_why(text, why):
    with pytest.raises(UnreadableReply, match=why):
        read_revision(text, 100)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"requirements": ["A lake.", "A moon."]}', ("A lake.", "A moon.")),
        ('{"requirements": ["A lake.", "a  LAKE", "", 7, null]}', ("A lake.",)),
        ('{"requirements": [{"requirement": "A lake."}, {"other": 1}]}', ("A lake.",)),
        (json.dumps({"requirements": [f"r{n}" for n in range(20)]}), tuple(f"r{n}" for n in range(12))),
        ('Sure!\n{"requirements": ["A\\u0000lake"]}', ("A lake",)),
    ],
)
def test_requirements_are_read_each_once_and_at_most_twelve(text, expected):
    assert read_requirements(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("- A lake\n- A moon", "no JSON object"),
        ('{"requirements": []}', "no requirement"),
        ('{"requirements": "A lake"}', "no requirement"),
        ('{"requirements": ["a"]} {"requirements": ["b"]}', "several different"),
    ],
)
def test_requirements_that_cannot_be_read_say_why(text, why):
    with pytest.raises(UnreadableReply, match=why):
        read_requirements(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["result", "reason", "requirements", "met", "requirement", "revised_prompt", "x"]), inner
        )
    ),
    max_leaves=12,
)
PIECES = st.lists(
    JSON.map(json.dumps)
    | st.sampled_from([YES, NO, "{", "}", "```json", "<thinking>", "</thinking>", '"result"', "YES", "NaN", ":", '"'])
    | st.text(max_size=10),
    max_size=8,
).map(" ".join)


@given(PIECES)
def test_no_reply_breaks_the_reader_and_no_acceptance_comes_without_a_json_yes(text):
    for read in (read_verdict, read_requirements, lambda reply: read_revision(reply, 50)):
        try:
            value = read(text)
        except UnreadableReply:
            continue
        if isinstance(value, Judgement) and value.accepted:
            assert '"yes' in text.lower()
            assert all(finding.met for finding in value.findings)
        if isinstance(value, Revision):
            assert 0 < len(value.prompt) <= 50


@given(st.lists(st.booleans(), max_size=6), st.sampled_from(["YES", "NO"]))
def test_an_image_is_accepted_only_by_a_yes_with_every_requirement_met(met, result):
    assert read_verdict(verdict(result, *met)).accepted is (result == "YES" and all(met))


BARN, COWS = "A red barn.", "Three cows."
LIST = [{"requirement": BARN, "met": True, "note": ""}, {"requirement": COWS, "met": False, "note": "two cows"}]
SHAPES = {
    "the list as JSON text": json.dumps(LIST),
    "a map of names": {BARN: True, COWS: False},
    "a map of objects": {"1": LIST[0], "2": LIST[1]},
    "one object": LIST[1],
    "a sentence": "Three cows: not met",
    "one of two": LIST[:1],
    "the same one twice": [LIST[0], LIST[0]],
    "none": [],
    "absent": None,
}


def accepted(reply: str, requirements: tuple[str, ...]) -> bool:
    try:
        return read_verdict(reply, requirements).accepted
    except UnreadableReply:
        return False


@pytest.mark.parametrize("shape", SHAPES)
def test_a_yes_beside_requirements_in_any_other_shape_accepts_nothing(shape):
    assert not accepted(json.dumps({"requirements": SHAPES[shape], "reason": "", "result": "YES"}), (BARN, COWS))


met = st.sampled_from([True, False, None, "yes", "no", "true", 1, "perhaps"])
answer = st.fixed_dictionaries({"requirement": st.sampled_from([BARN, COWS, "red barn", ""]), "met": met})
entries = st.one_of(
    st.lists(answer | st.none() | st.text(max_size=5), max_size=4), answer, st.text(max_size=20), st.none()
)


@given(entries, st.booleans())
def test_whatever_the_shape_an_acceptance_has_an_answer_for_each_requirement_and_no_unmet_one(given_entries, as_text):
    told = json.dumps(given_entries) if as_text else given_entries
    reply = json.dumps({"requirements": told, "reason": "", "result": "YES"})
    if accepted(reply, (BARN, COWS)):
        assert isinstance(given_entries, list)
        assert all(str(entry["met"]).casefold() in ("true", "yes") for entry in given_entries)
        names = [entry["requirement"] for entry in given_entries]
        assert {BARN, COWS} <= set(names) or names in ([BARN, "red barn"], ["red barn", COWS], ["red barn", "red barn"])


@pytest.mark.parametrize("names", [[BARN, ""], [COWS, "red barn"], [BARN, "red barn", "red barn"], ["red barn"]])
def test_answers_of_which_one_may_be_to_something_else_accept_nothing(names):
    answers = [{"requirement": name, "met": True, "note": ""} for name in names]
    assert not accepted(json.dumps({"requirements": answers, "reason": "", "result": "YES"}), (BARN, COWS))


def test_answers_in_other_words_count_in_their_place():
    answers = [{"requirement": name, "met": True, "note": ""} for name in (BARN, "cows, three of them")]
    assert accepted(json.dumps({"requirements": answers, "reason": "", "result": "YES"}), (BARN, COWS))


def test_a_list_written_as_text_is_read_as_the_list_it_is():
    both = json.dumps([{**entry, "met": True} for entry in LIST])
    assert accepted(json.dumps({"requirements": both, "reason": "", "result": "YES"}), (BARN, COWS))
    judgement = read_verdict(json.dumps({"requirements": json.dumps(LIST), "reason": "", "result": "NO"}), (BARN, COWS))
    assert [finding.met for finding in judgement.findings] == [True, False]


@pytest.mark.parametrize("name", ["think", "thinking", "thought", "reasoning", "reflection", "scratchpad"])
@pytest.mark.parametrize(
    "around", ["<{0}>{yes}</{0}>{no}", "{yes}</{0}>{no}", "{no}<{0}>{yes}", "<{0}>a<{0}>{yes}</{0}>{yes}</{0}>{no}"]
)
def test_what_stands_in_thinking_is_no_answer(name, around):
    yes, no = ('{"result": "YES", "reason": "", "requirements": []}', '{"result": "NO", "reason": "x"}')
    assert not read_verdict(around.format(name, yes=yes, no=no)).accepted


def test_a_raw_line_break_inside_a_text_is_read():
    verdict_read = read_verdict('{"result": "NO", "reason": "two cows\nare missing"}')
    assert " ".join(verdict_read.reason.split()) == "two cows are missing"
    revision = read_revision('{"revised_prompt": "A lake,\nwith a moon"}', 100)
    assert " ".join(revision.prompt.split()) == "A lake, with a moon"
