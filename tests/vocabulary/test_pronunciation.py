"""How a word sounds: who is asked, what is kept, and what goes wrong."""

import os
import time

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction

from tests.factories import introduce
from vocabulary import pronunciation
from vocabulary.models import Gloss, Pronunciation
from vocabulary.pronunciation import guide, ipa, sound_of


@pytest.fixture(autouse=True)
def rested():
    cache.delete(pronunciation.RESTS)
    yield
    cache.delete(pronunciation.RESTS)


@pytest.fixture
def espeak(tmp_path, settings, monkeypatch):
    """Return a function that puts an espeak-ng of our own on PATH; `calls` are kept."""
    settings.ESPEAK = "espeak-ng"
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin{os.pathsep}/usr/bin")
    log = tmp_path / "log"
    log.touch()

    def install(commands):
        program = tmp_path / "espeak-ng"
        program.write_text(
            f'#!/bin/sh\nword=$(cat)\necho "$* <$word>" >>{log}\n{commands}\n'
        )
        program.chmod(0o755)
        return lambda: log.read_text().splitlines()

    return install


def gloss(lemma, phonetic, source="FreeDict"):
    return Gloss(lemma=lemma, phonetic=phonetic, source=source, translation="x")


def test_a_word_is_asked_for_once_and_kept(db, espeak):
    calls = espeak("printf ' kˈasa\\n'")
    assert [ipa("casa", "es"), ipa("casa", "es")] == ["ˈkasa", "ˈkasa"]
    assert calls() == ["-q --ipa -b 1 -v es --stdin <casa>"]
    kept = Pronunciation.objects.get()
    assert str(kept) == "casa: /ˈkasa/"
    assert kept.source == "eSpeak NG, voice es"


@pytest.mark.parametrize(
    ("language", "voice"),
    [
        ("en", "en-gb"),
        ("es", "es"),
        ("fr", "fr-fr"),
        ("de", "de"),
        ("it", "it"),
        ("pt", "pt-br"),
    ],
)
def test_each_language_has_its_voice(db, espeak, language, voice):
    calls = espeak("echo ma")
    assert ipa("ma", language) == "ma"
    assert f"-v {voice} " in calls()[0]


@pytest.mark.parametrize("word", ["--version", "-w/tmp/x", "$(id)", "a;id", "`id`"])
def test_a_word_is_never_an_option_or_a_command(db, espeak, word):
    calls = espeak("echo ma")
    ipa(word, "es")
    assert calls() == [f"-q --ipa -b 1 -v es --stdin <{word}>"]


@pytest.mark.parametrize(
    ("said", "cleaned"),
    [
        ("(en)wiːkˈɛnd(fr)", "wiːˈkɛnd"),
        (" kˈasa\\n mˈesa\\n", "ˈkasa ˈmesa"),
        ("ɪnstɹˈʌkt", "ɪnsˈtɹʌkt"),
        ("stɹˈiːt", "ˈstɹiːt"),
        ("mˌutʃatʃˈo", "ˌmutʃaˈtʃo"),
        ("aˈuto", "aˈuto"),
        ("tʃitːˈa", "tʃiˈtːa"),
        ("t\u200dʃˈaːo", "ˈtʃaːo"),
        ("ɑ̃fˈɑ̃", "ɑ̃ˈfɑ̃"),
    ],
)
def test_what_is_said_is_written_as_ipa_is(db, espeak, said, cleaned):
    espeak(f"printf '{said}'")
    assert ipa("x", "fr") == cleaned


@pytest.mark.parametrize(
    "commands",
    [
        "echo kasa; exit 1",
        "echo '<b>kasa</b>'",
        "echo 'Error 404'",
        "printf '\\377\\376'",
        "printf 'a\\000b'",
        "printf '%0300d' 0 | tr 0 a",
        "echo ' - '",
        "true",
    ],
)
def test_what_is_no_ipa_is_neither_shown_nor_kept(db, espeak, commands):
    calls = espeak(commands)
    assert ipa("casa", "es") == ""
    assert len(calls()) == 1
    assert not Pronunciation.objects.exists()


def test_one_that_hangs_is_left_alone_for_a_while(db, espeak, monkeypatch):
    monkeypatch.setattr(pronunciation, "WAIT_SECONDS", 0.2)
    calls = espeak("exec sleep 30")
    started = time.monotonic()
    assert [ipa("casa", "es"), ipa("mesa", "es")] == ["", ""]
    assert time.monotonic() - started < 5
    assert len(calls()) == 1
    cache.delete(pronunciation.RESTS)
    espeak("echo ma")
    assert ipa("casa", "es") == "ma"


def test_one_that_cannot_be_started_says_nothing(db, espeak, tmp_path):
    espeak("true")
    (tmp_path / "espeak-ng").write_text("#!/no/such/shell\n")
    assert ipa("casa", "es") == ""


def test_where_it_is_not_installed_nothing_is_said(db, settings, monkeypatch, tmp_path):
    settings.ESPEAK = "espeak-ng"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ipa("casa", "es") == ""
    Pronunciation.objects.keep("es", "casa", "ˈkasa", "a program")
    assert ipa("casa", "es") == "ˈkasa"


@pytest.mark.parametrize("word", ["", "x" * 101, "x" * 10_000])
def test_what_is_no_word_is_not_asked_for(db, espeak, word):
    calls = espeak("echo ma")
    assert ipa(word, "es") == ""
    assert calls() == []


@pytest.mark.django_db(transaction=True)
def test_no_connection_is_held_while_it_speaks(espeak, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    espeak("echo ma")
    held = []
    ask = pronunciation._ask
    monkeypatch.setattr(
        pronunciation,
        "_ask",
        lambda *given: held.append(connection.connection) or ask(*given),
    )
    assert ipa("casa", "es") == "ma"
    assert held == [None]


def test_the_first_that_was_kept_stays(db):
    Pronunciation.objects.keep("es", "casa", "ˈkasa", "first")
    Pronunciation.objects.keep("es", "casa", "other", "second")
    assert Pronunciation.objects.get().source == "first"


@pytest.mark.parametrize("blank", ["word", "ipa"])
def test_a_pronunciation_is_not_blank(db, blank):
    fields = {"language": "es", "word": "casa", "ipa": "a", "source": "b", blank: ""}
    with pytest.raises(IntegrityError), transaction.atomic():
        Pronunciation.objects.create(**fields)


class TestWhoIsHeard:
    @pytest.fixture
    def item(self, learner):
        item = introduce(learner, "casa")[0]
        item.phonetic = "KAH-sa"
        return item

    @pytest.fixture(autouse=True)
    def program(self, db):
        Pronunciation.objects.keep("es", "casa", "ˈkasa", "a program")

    def test_what_the_learner_wrote_comes_first(self, item):
        said = sound_of("Casa", "es", item=item, glosses=[gloss("casa", "/kasa/")])
        assert said == ("KAH-sa", "your vocabulary", False)

    def test_then_a_dictionary(self, item):
        item.phonetic = ""
        glosses = [gloss("casa", ""), gloss("casa", "/kasa/")]
        said = sound_of("casa", "es", item=item, glosses=glosses)
        assert said == ("kasa", "FreeDict", True)

    def test_then_the_program(self, item):
        item.phonetic = ""
        said = sound_of("casa", "es", item=item, glosses=[gloss("casa", "")])
        assert said == ("ˈkasa", "a program", True)

    def test_what_is_said_of_another_form_is_not_heard(self, item):
        assert sound_of("casas", "es", item=item, glosses=[gloss("casa", "x")]) is None

    def test_a_guide_has_it_all(self, item):
        made = guide("casa", "es", "de", item=item)
        assert (made.word, made.language) == ("casa", "es")
        assert made.sound.text == "KAH-sa"
        assert made.syllables == ["ca", "sa"]
        assert made.pitfalls == []
