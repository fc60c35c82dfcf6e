"""Dictionaries in dictd's format: read whole, or refused with a line that says why."""

import gzip
import io
import lzma
import tarfile

import pytest
from django.core.management import CommandError, call_command

from vocabulary import dictionaries
from vocabulary.models import Gloss

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
SHORT = "Spanish-English FreeDict Dictionary ver. 0.3.1\n"
INFO = """\
Spanish-English FreeDict Dictionary

Availability:

    Copyright (C) 1999-2019 by various authors listed below.
    Available under the terms of the GNU General Public License ver. 2.0 and
  any later version.
    This program is free software. See the GNU General Public License.

Published at: http://freedict.org/
"""
ABOUT = {"00databaseshort": SHORT, "00databaseinfo": INFO}
CASA = "casa /kˈasa/\nhouse, home\n"
BANCO = "banco /bˈanko/ <n, masc>\n1. bench\n2. bank, shoal\n"


def number(value):
    digits = DIGITS[value % 64]
    while value := value // 64:
        digits = DIGITS[value % 64] + digits
    return digits


def files(*entries, about=ABOUT):
    """Return the index and the texts of a dictionary of these entries, as bytes."""
    lines, texts = [], b""
    named = [*about.items(), *((text.split("\n")[0], text) for text in entries)]
    for word, text in named:
        data = text.encode()
        lines.append(f"{word}\t{number(len(texts))}\t{number(len(data))}\n")
        texts += data
    return "".join(lines).encode(), texts


def write(folder, *entries, name="spa-eng", about=ABOUT):
    """Write a dictionary into the folder; return the path of its index."""
    index, texts = files(*entries, about=about)
    (folder / f"{name}.dict.dz").write_bytes(gzip.compress(texts))
    path = folder / f"{name}.index"
    path.write_bytes(index)
    return path


def archive(path, members):
    """Write an archive of these members: bytes by name, compressed as its name says."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    compress = lzma.compress if path.suffix == ".xz" else gzip.compress
    path.write_bytes(compress(made.getvalue()))
    return path


def load(*arguments):
    call_command("load_dictionary", *map(str, arguments))


def glosses():
    return dict(Gloss.objects.values_list("lemma", "translation"))


def refusal(*arguments):
    """Return the one line that refuses to load, once it is sure that nothing was."""
    with pytest.raises(CommandError) as refused:
        load(*arguments)
    assert not Gloss.objects.exists()
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_dictionary_is_loaded_with_its_source_and_licence(db, tmp_path, capsys):
    load(write(tmp_path, CASA, BANCO))

    assert glosses() == {"casa": "house, home", "banco": "bench; bank, shoal"}
    gloss = Gloss.objects.get(lemma="casa")
    assert (gloss.language, gloss.native_language) == ("es", "en")
    assert gloss.phonetic == "kˈasa"
    assert gloss.source == "Spanish-English FreeDict Dictionary"
    licence = "GNU General Public License ver. 2.0 and any later version"
    assert gloss.licence == licence
    assert capsys.readouterr().out == (
        "2 words loaded, Spanish to English. Source: Spanish-English FreeDict "
        f"Dictionary. Licence: {licence}.\n"
    )


def test_a_dictionary_may_be_given_as_any_of_its_files_or_as_its_folder(db, tmp_path):
    index = write(tmp_path, CASA)
    for path in (index, tmp_path / "spa-eng.dict.dz", tmp_path / "spa-eng", tmp_path):
        Gloss.objects.all().delete()

        load(path)

        assert glosses() == {"casa": "house, home"}


def test_its_texts_may_be_uncompressed(db, tmp_path):
    index = write(tmp_path, CASA)
    packed = tmp_path / "spa-eng.dict.dz"
    (tmp_path / "spa-eng.dict").write_bytes(gzip.decompress(packed.read_bytes()))
    packed.unlink()

    load(index)

    assert glosses() == {"casa": "house, home"}


@pytest.mark.parametrize("ending", [".tar.xz", ".tar.gz", ".tgz"])
def test_a_dictionary_may_be_given_as_its_archive(db, tmp_path, ending):
    index, texts = files(CASA)
    path = archive(
        tmp_path / f"freedict-spa-eng-0.3.1.dictd{ending}",
        {
            "spa-eng/README": b"Read me.",
            "spa-eng/spa-eng.index": index,
            "spa-eng/spa-eng.dict.dz": gzip.compress(texts),
        },
    )

    load(path)

    assert glosses() == {"casa": "house, home"}


def test_nothing_of_an_archive_is_unpacked(db, tmp_path):
    index, texts = files(CASA)
    folder = tmp_path / "deep" / "folder"
    folder.mkdir(parents=True)
    members = {"../../spa-eng.index": index, "/tmp/../spa-eng.dict": texts}
    path = archive(folder / "dictionary.tar.gz", members)
    before = sorted(tmp_path.rglob("*"))

    load(path)

    assert glosses() == {"casa": "house, home"}
    assert sorted(tmp_path.rglob("*")) == before


def test_a_link_in_an_archive_leads_nowhere(db, tmp_path):
    outside = write(tmp_path, CASA)
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        member = tarfile.TarInfo("spa-eng.index")
        member.type, member.linkname = tarfile.SYMTYPE, str(outside)
        tar.addfile(member)
    path = tmp_path / "dictionary.tar.gz"
    path.write_bytes(gzip.compress(made.getvalue()))

    assert "there are 0 dictionaries" in refusal(path)


def test_several_dictionaries_are_loaded_by_one_command(db, tmp_path):
    one = write(tmp_path, CASA)
    other = write(tmp_path, "Haus /hˈaʊs/\nmaison\n", name="freedict-deu-fra")

    load(one, other)

    pairs = Gloss.objects.values_list("language", "native_language", "lemma")
    assert set(pairs) == {("es", "en", "casa"), ("de", "fr", "Haus")}


def test_loading_again_changes_nothing_and_a_new_edition_replaces(db, tmp_path):
    load(write(tmp_path, CASA, BANCO))
    before = list(Gloss.objects.order_by("pk").values())
    load(write(tmp_path, CASA, BANCO))
    assert list(Gloss.objects.order_by("pk").values()) == before

    newer = {**ABOUT, "00databaseshort": SHORT.replace("0.3.1", "0.4")}
    load(write(tmp_path, "casa\nhouse\n", "pan\nbread\n", about=newer))

    assert glosses() == {"casa": "house", "pan": "bread"}


def test_languages_and_licence_can_be_said(db, tmp_path, capsys):
    path = write(tmp_path, "casa\nhouse\n", name="words", about={})

    load(path, "--language", "Spanish", "--native=eng", "--licence", "CC0\n1.0")

    gloss = Gloss.objects.get()
    assert (gloss.language, gloss.native_language) == ("es", "en")
    assert (gloss.source, gloss.licence) == ("words", "CC0 1.0")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("spa-nld", []),
        ("words", []),
        ("", []),
        ("words", ["--language=es"]),
        ("spa-eng", ["--native=es"]),
    ],
)
def test_a_dictionary_of_other_languages_is_refused(db, tmp_path, name, options):
    said = refusal(write(tmp_path, CASA, name=name), *options)

    assert "--language and --native" in said


@pytest.mark.parametrize(
    "wrong", [["--language", "tlh"], ["--native", "x"], ["--licence", "a\ud800"]]
)
def test_options_that_mean_nothing_are_refused(db, tmp_path, wrong):
    with pytest.raises(CommandError, match="none of en, es|can't be stored"):
        load(write(tmp_path, CASA), *wrong)


@pytest.mark.parametrize(
    ("availability", "licence"),
    [
        (
            "    Licensed under the Creative Commons Attribution-ShareAlike 3.0\n"
            "  Unported license\n",
            "Creative Commons Attribution-ShareAlike 3.0 Unported license",
        ),
        ("    Public licence of ours.\n", "Public licence of ours"),
        (
            "    It is free under the terms of a licence" + " and another" * 30 + ".\n",
            "a licence" + " and another" * 15 + " and …",
        ),
    ],
)
def test_the_licence_is_what_its_information_states(
    db, tmp_path, availability, licence
):
    about = {"00-database-info": f"00-database-info\nAvailability:\n\n{availability}"}

    load(write(tmp_path, CASA, about=about))

    assert Gloss.objects.get().licence == licence


@pytest.mark.parametrize(
    "info",
    ["", "Licence: on request\n", "Availability:\n\n    Ask us.\n\nLicence: none\n"],
)
def test_a_dictionary_without_a_licence_is_refused(db, tmp_path, info):
    path = write(tmp_path, CASA, about={"00databaseinfo": info})

    assert "states no licence" in refusal(path)


@pytest.mark.parametrize(
    ("text", "lemma", "translation"),
    [
        # The headword's line.
        ("casa\nhouse\n", "casa", "house"),
        ("casa <n, fem>\nhouse\n", "casa", "house"),
        ("¿qué hora es? /kˈe/\nwhat time is it?\n", "qué hora es", "what time is it?"),
        ("Buenos Días /bw/ /bu/ <n>\nhello\n", "buenos días", "hello"),
        ("y/o /i o/\nand/or\n", "y/o", "and/or"),
        ("metro /ˈmetɾo/ (m /ˈeme/) <n>\nmetre\n", "metro", "metre"),
        ("etw./jdn. casa /x/\nto house sb.\n", "casa", "to house sb."),
        ("casa (de etw.) /x/ <v>\nhouse\n", "casa", "house"),
        # Senses.
        ("casa /x/\n1. house, home\n2. firm\n", "casa", "house, home; firm"),
        ("casa /x/\n1. house, home\n", "casa", "house, home"),
        ("casa /x/\n(a, b) house, (c) d\n", "casa", "(a, b) house, (c) d"),
        ("casa /x/\n1,5 houses,\n", "casa", "1,5 houses"),
        # Definitions, whose own senses are numbered behind the translation.
        ("casa /x/\nhouse\nEdificio para habitar\n", "casa", "house"),
        ("casa /x/\nhouse 2.\nEdificio\n 3.\nFamilia\n", "casa", "house"),
        ("casa /x/\n1. a 2.\nUno\n 3.\nDos\n2. b\nTres\n", "casa", "a; b"),
        ("casa /x/\n1. house\n7. of July\n", "casa", "house"),
        (f"casa /x/\n1. house\n{'1' * 9000}. x\n", "casa", "house"),
        # Grammar, labels, examples, notes, references, abbreviations.
        ("casa /x/ <n>\n [fam.] pad <n> [Br.] , digs <pl>\n", "casa", "pad, digs"),
        (
            "casa /x/\nhouse\n         Note: big\n      \"en casa\"  - at home\n"
            "   Synonym: {hogar}\n\n see: {casas}\n\n",
            "casa",
            "house",
        ),
        ("casa /x/\nhouse <n>HSE,  /ˈeɪtʃ/ , home\n", "casa", "house, home"),
        ("casa /x/\nhouseHSE,  /ˈeɪtʃ/ , home\n", "casa", "home"),
    ],
)  # fmt: skip
def test_an_entry_is_read_as_freedict_lays_it_out(
    db, tmp_path, text, lemma, translation
):
    load(write(tmp_path, text))

    assert glosses() == {lemma: translation}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "casa",
        "casa /x/\n\n",
        "casa /x/\n see: {hogar}\n",
        "casa /x/\n1.\n      \"en casa\"\n",
        "casa /x/\n <n>\n",
        "-able /x/\n-able\n",
        "auto… /x/\nauto…\n",
        "… /x/\nso\n",
        "jdn. /x/\nsomebody\n",
        "10 /x/\nten\n",
        "c" + "a" * 100 + " /x/\nhouse\n",
        "casa /x/\n" + "house " * 200 + "\n",
    ],
)  # fmt: skip
def test_what_translates_no_word_is_left_out(db, tmp_path, text):
    load(write(tmp_path, BANCO, text))

    assert list(glosses()) == ["banco"]


@pytest.mark.parametrize(
    ("said", "phonetic"),
    [
        (" /kˈasa/", "kˈasa"),
        (" /kˈasa/ /kˈaza/", "kˈasa"),
        (" /kasa(s)/", "kasa(s)"),
        ("", ""),
        (" /(en)kˈɑːsə(es)/", ""),
        (f" /{'a' * 201}/", ""),
    ],
)
def test_how_a_word_is_said_is_kept_where_it_can_be_true(db, tmp_path, said, phonetic):
    load(write(tmp_path, f"casa{said}\nhouse\n"))

    assert Gloss.objects.get().phonetic == phonetic


def test_what_is_of_special_use_comes_after_what_is_not(db, tmp_path):
    load(
        write(
            tmp_path,
            "casa /x/\n [econ.] firm <n>\n",
            "casa /x/\nsquare <n> [chess]\n",
            "casa /x/\ndynasty <n>\n         Note: royal\n",
            "casa /x/\nhouse <n>\n",
        )
    )

    assert glosses() == {"casa": "house; firm; square; dynasty"}


def test_two_words_of_the_index_may_share_one_entry(db, tmp_path):
    index = write(tmp_path, CASA)
    lines = index.read_text().splitlines()
    place = lines[-1].split("\t", 1)[1].replace(" ", "")
    index.write_text("\n".join([*lines, f"hogar\t{place}\tHogar"]))

    load(index)

    assert glosses() == {"casa": "house, home"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"pan", "it has no offset and length"),
        (b"pan\tA", "it has no offset and length"),
        (b"pan\tA\t", "“” is no number"),
        (b"pan\tA!\tB", "“A!” is no number"),
        (b"pan\tAAAAAAAAAAAA\tB", "“AAAAAAAAAAAA” is no number"),
        (b"pan\t//////\tB", "it points behind the end of the texts"),
        (b"p\xe1n\tA\tB", "can't decode byte 0xe1"),
    ],
)
def test_a_malformed_index_is_refused_with_its_line(db, tmp_path, line, reason):
    path = write(tmp_path, CASA)
    path.write_bytes(path.read_bytes() + line)

    said = refusal(path)

    assert said.startswith("spa-eng.index, line 4: ")
    assert reason in said


@pytest.mark.parametrize(
    ("text", "reason"), [(b"p\xe1n\nbread\n", "0xe1"), (b"pan\nb\0\n", "NUL")]
)
def test_malformed_texts_are_refused_with_their_place(db, tmp_path, text, reason):
    path = write(tmp_path, CASA)
    texts = gzip.decompress((tmp_path / "spa-eng.dict.dz").read_bytes())
    (tmp_path / "spa-eng.dict").write_bytes(texts + text)
    line = f"pan\t{number(len(texts))}\t{number(len(text))}\n"
    path.write_text(path.read_text() + line)

    said = refusal(path)

    assert said.startswith(f"spa-eng.dict, byte {len(texts)}: ")
    assert reason in said


def test_a_dictionary_without_an_entry_is_refused(db, tmp_path):
    assert "no entry with a translation" in refusal(write(tmp_path))
    assert "no entry with a translation" in refusal(write(tmp_path, "casa\n"))


def test_files_that_are_missing_are_named(db, tmp_path):
    assert "there are 0 dictionaries" in refusal(tmp_path)
    assert "there are 0 dictionaries" in refusal(tmp_path / "spa-eng.index")
    assert "No such file" in refusal(tmp_path / "spa-eng.tar.xz")

    index = write(tmp_path, CASA)
    (tmp_path / "spa-eng.dict.dz").unlink()
    assert "neither spa-eng.dict nor spa-eng.dict.dz" in refusal(index)

    write(tmp_path, CASA, name="spa-deu")
    assert "there are 2 dictionaries" in refusal(tmp_path)


def test_an_index_that_is_a_folder_is_refused(db, tmp_path):
    write(tmp_path, CASA).unlink()
    (tmp_path / "spa-eng.index").mkdir()

    assert "Is a directory" in refusal(tmp_path)


def test_damaged_files_are_refused(db, tmp_path):
    index = write(tmp_path, CASA)
    packed = tmp_path / "spa-eng.dict.dz"
    whole = packed.read_bytes()
    for damaged in (b"plain text", whole[:-9], whole[:20] + b"\xff" * 40):
        packed.write_bytes(damaged)
        assert str(tmp_path) in refusal(index)

    for ending, damaged in (
        (".tar.xz", b"plain text"),
        (".tar.xz", lzma.compress(b"x" * 5000)[:-20]),
        (".tar.xz", lzma.compress(b"no archive")),
        (".tar.gz", b"plain text"),
        (".tar.gz", gzip.compress(b"no archive")),
    ):
        path = tmp_path / f"damaged{ending}"
        path.write_bytes(damaged)
        assert str(path) in refusal(path)


def test_what_is_too_large_is_refused_before_it_fills_the_memory(
    db, tmp_path, monkeypatch
):
    monkeypatch.setattr(dictionaries, "MAX_BYTES", 1_000_000)
    index, texts = files(CASA)
    bomb = texts + b" " * 1_000_000
    write(tmp_path, CASA)
    (tmp_path / "spa-eng.dict.dz").write_bytes(gzip.compress(bomb))
    members = {"spa-eng.index": index, "spa-eng.dict": bomb}
    packed = archive(tmp_path / "spa-eng.tar.xz", members)

    assert "larger than 1 MB" in refusal(tmp_path / "spa-eng.index")
    assert "larger than 1 MB" in refusal(packed)


def test_a_sparse_file_in_an_archive_is_refused_too(db, tmp_path, monkeypatch):
    monkeypatch.setattr(dictionaries, "MAX_BYTES", 1_000_000)
    index, _ = files(CASA)
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        member = tarfile.TarInfo("spa-eng.index")
        member.size = len(index)
        tar.addfile(member, io.BytesIO(index))
        hole = tarfile.TarInfo("spa-eng.dict")
        hole.pax_headers = {
            "GNU.sparse.map": "0,0",
            "GNU.sparse.size": str(10**12),
            "GNU.sparse.name": "spa-eng.dict",
        }
        tar.addfile(hole)
    path = tmp_path / "spa-eng.tar.gz"
    path.write_bytes(gzip.compress(made.getvalue()))

    assert "larger than 1 MB" in refusal(path)


def test_dictionaries_before_the_refused_one_stay(db, tmp_path):
    good = write(tmp_path, CASA)

    with pytest.raises(CommandError):
        load(good, tmp_path / "missing")

    assert glosses() == {"casa": "house, home"}
