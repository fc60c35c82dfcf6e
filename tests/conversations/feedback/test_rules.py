"""Rules of common errors: what their files must hold, and what they find."""

import time

import pytest
from django.core.management import CommandError, call_command

from conversations.feedback import categories, rules
from conversations.feedback.candidates import Writing
from conversations.tutors import content
from lingo.content import MalformedContent
from lingo.languages import LANGUAGES
from lingo.text import sentence_spans

# The longest message is 4,000 characters; a whole turn's rules take less than this.
LONGEST, SECONDS = 4000, 0.05


def source(sentence, code, native=None):
    writing = Writing(sentence, code, native or next(iter(set(LANGUAGES) - {code})))
    return rules.RuleSource().find(writing)


def test_every_language_has_rules():
    assert {code for code, _ in rules.files()} == set(LANGUAGES)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_rule_corrects_its_error_and_nothing_else(code):
    for rule in rules.rules(code):
        assert rule.corrected(rule.wrong) == rule.right, rule.slug
        assert not any(map(rule.edits, (rule.right, *rule.fine))), rule.slug


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_other_rule_finds_fault_with_what_a_rule_calls_right(code):
    found = rules.rules(code)
    right = [sentence for rule in found for sentence in (rule.right, *rule.fine)]

    # Whoever's native language it is: not through the source, which asks for one.
    faults = [
        (rule.slug, text)
        for text in right
        for begin, end in sentence_spans(text)
        for rule in found
        if rule.edits(text[begin:end])
    ]

    assert faults == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_rule_is_fast_on_the_longest_message(code):
    for rule in rules.rules(code):
        words = f"{rule.wrong.rstrip('.?!')} "
        texts = [words * (LONGEST // len(words)), "a" * LONGEST, "a " * (LONGEST // 2)]
        for text in texts:
            # The best of three counts: the first that is fast enough will do.
            assert any(_seconds(rule, text) < SECONDS for _ in range(3)), rule.slug


def _seconds(rule, text):
    started = time.perf_counter()
    rule.edits(text)
    return time.perf_counter() - started


RULE = """
[[rule]]
slug = "age"
pattern = '\\bFORMS (?P<age>\\d+) años\\b'
replacement = "{form} {age} años"
category = "verb-choice"
priority = "important"
wrong = "Soy 20 años."
right = "Tengo 20 años."
fine = ["Tengo 20 años."]
[rule.forms]
soy = "tengo"
[rule.reason]
en = "Why."
es = "Por qué."
fr = "Pourquoi."
de = "Warum."
it = "Perché."
pt = "Por quê."
"""


def read(tmp_path, text):
    path = tmp_path / "es.toml"
    path.write_text(text)
    return rules.read(path, rules.Rules).rule


def test_a_rule_without_what_may_be_left_out_is_fine(tmp_path):
    [rule] = read(tmp_path, RULE)

    assert rule.corrected("Hoy soy 20 años") == "Hoy tengo 20 años"
    assert rule.corrected("SOY 20 AÑOS") == "TENGO 20 AÑOS"


def test_what_becomes_what_it_was_is_no_correction(tmp_path):
    pattern = RULE.replace("FORMS", "(?:soy|tengo)").replace("{form}", "tengo")
    pattern = pattern.replace('[rule.forms]\nsoy = "tengo"\n', "")

    [rule] = read(tmp_path, pattern)

    assert rule.edits("Tengo 20 años y tengo 30 años") == []


@pytest.mark.parametrize(
    ("text", "spoiled", "reason"),
    [
        ('"verb-choice"', '"verbs"', "Input should be"),
        ('"important"', '"urgent"', "Input should be"),
        ('slug = "age"', 'slug = "An age"', "should match pattern"),
        ('slug = "age"', 'slug = "age"\nextra = 1', "Extra inputs"),
        ('slug = "age"', 'slug = "age"\nconfidence = 0.4', "greater than"),
        ('slug = "age"', 'slug = "age"\nnative_languages = ["xx"]', "Input should be"),
        ('pt = "Por quê."', "", "“pt” is missing"),
        ("(?P<age>", "(?P<age", "don't fit"),
        ("{age}", "{years}", "don't fit"),
        ("{age}", "{7}", "don't fit"),
        ("{age}", "{", "don't fit"),
        ('"Soy 20 años."', '"Ya 20 años."', "“Ya 20 años.” does not match"),
        ('"Tengo 20 años."', '"Tiene 20 años."', "becomes “Tengo 20 años.”"),
        ('["Tengo 20 años."]', '["Soy 9 años."]', "“Soy 9 años.” must not match"),
        ('["Tengo 20 años."]', "[]", "at least 1 item"),
        ('soy = "tengo"', 'Soy = "tengo"', "forms are written small"),
        ("FORMS", "soy", "forms and FORMS in the pattern go together"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said(tmp_path, text, spoiled, reason):
    assert text in RULE
    with pytest.raises(MalformedContent, match=reason):
        read(tmp_path, RULE.replace(text, spoiled, 1))


def test_a_slug_is_there_once(tmp_path):
    with pytest.raises(MalformedContent, match="“age” is there twice"):
        read(tmp_path, RULE + RULE)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the content whose rules a test may spoil."""
    for path in content.FOLDER.rglob("*.toml"):
        copy = tmp_path / path.relative_to(content.FOLDER)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text())
    monkeypatch.setattr(content, "FOLDER", tmp_path)
    return tmp_path / "rules"


def test_loading_the_content_refuses_a_malformed_rule(db, folder):
    path = folder / "es.toml"
    path.write_text(path.read_text().replace('"Tengo veinte', '"Tiene veinte', 1))

    with pytest.raises(CommandError, match=r"es.toml, line \d+: .*becomes “Tengo"):
        call_command("load_content", verbosity=0)


def test_a_file_of_no_language_is_refused(folder):
    (folder / "xx.toml").write_text(RULE)

    with pytest.raises(MalformedContent, match="line 1: no language “xx”"):
        list(rules.files())


def test_every_category_has_a_name_in_all_languages():
    assert set(categories.names()) == {name for name, _ in categories.CATEGORIES}


def test_a_category_without_a_name_is_refused(tmp_path):
    source = categories.NAMES.read_text()
    path = tmp_path / "categories.toml"
    path.write_text(source[: source.index("[word-order]")])

    with pytest.raises(MalformedContent, match="no name of word-order"):
        rules.read(path, categories.Names)


def test_only_the_edit_itself_is_given_with_its_place_and_reason():
    [found] = source("Hola. ¿Vienes con mí?", "es", "de")

    assert (found.start, found.end) == (14, 20)
    assert (found.original, found.corrected) == ("con mí", "conmigo")
    assert (found.category, found.source) == ("pronoun", "rule")
    assert found.reason.startswith("„Con“ verschmilzt")


def test_signs_that_a_phone_sets_are_understood():
    [found] = source("Qual’è\u00a0il tuo nome?", "it")

    assert (found.original, found.corrected) == ("’", " ")


def test_a_false_friend_is_for_learners_of_its_native_language_only():
    sentence = "Ayer realicé que no tenía dinero."

    assert source(sentence, "es", "en")
    assert not source(sentence, "es", "it")


def test_capitals_count_where_the_rule_says_so():
    assert source("Heute bin Ich müde.", "de")
    assert not source("Heute bin ich müde.", "de")


def test_the_pattern_sees_one_sentence_at_a_time():
    [found] = source("Oui. Si j'aurais le temps !", "fr")

    assert (found.start, found.original) == (10, "aurais")
