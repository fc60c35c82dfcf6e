import json

import pytest
from django.core.management import CommandError, call_command

from conversations.models import Conversation
from tests.factories import LearnerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return LearnerFactory(username="ana")


def transcript(number=1, user_id="ana", **changes):
    return {
        "conversation_id": f"talk-{number}",
        "user_id": user_id,
        "language": "es",
        "messages": [{"role": "human", "content": "Hola"}],
        **changes,
    }


def test_a_file_may_hold_one_transcript_or_a_list(ana, tmp_path, capsys):
    one, many = tmp_path / "one.json", tmp_path / "many.json"
    one.write_text(json.dumps(transcript(1)))
    many.write_text(json.dumps([transcript(2), transcript(3, user_id=ana.pk)]))

    call_command("import_transcripts", one, many)

    assert Conversation.objects.for_learner(ana).count() == 3
    assert capsys.readouterr().out == "3 transcripts saved, 0 refused.\n"


def test_a_file_may_hold_a_transcript_a_line(ana, tmp_path):
    path = tmp_path / "many.jsonl"
    lines = [json.dumps(transcript(number)) for number in (1, 2)]
    path.write_text("\ufeff" + "\n\n".join(lines) + "\n")

    call_command("import_transcripts", path)

    assert Conversation.objects.count() == 2


def test_importing_again_changes_nothing(ana, tmp_path):
    path = tmp_path / "one.json"
    path.write_text(json.dumps(transcript()))

    for _ in range(2):
        call_command("import_transcripts", path)

    assert Conversation.objects.get().message_count == 1


def test_each_refused_transcript_is_told_and_the_others_are_saved(
    ana, tmp_path, capsys
):
    path = tmp_path / "some.jsonl"
    lines = [
        json.dumps(transcript(1)),
        "{broken",
        json.dumps(transcript(2, language="tlh")),
        json.dumps(transcript(3, user_id="nobody")),
        json.dumps(transcript(4, user_id=None)),
        json.dumps([]),
        json.dumps(transcript(5)),
    ]
    path.write_text("\n".join(lines))

    with pytest.raises(CommandError):
        call_command("import_transcripts", path)

    kept = Conversation.objects.order_by("conversation_id")
    assert list(kept.values_list("conversation_id", flat=True)) == ["talk-1", "talk-5"]
    told = capsys.readouterr()
    assert told.out == "2 transcripts saved, 5 refused.\n"
    reasons = [line for line in told.err.splitlines() if line.startswith(str(path))]
    assert len(reasons) == 5
    assert f"{path}, line 2: malformed JSON" in reasons[0]
    assert f"{path}, line 3: language: Lingo doesn't teach “tlh”." in reasons[1]
    assert f"{path}, line 4: user_id 'nobody' names no learner" in reasons[2]


def test_a_learner_whose_name_is_anothers_id_is_not_guessed(ana, tmp_path, capsys):
    LearnerFactory(username=str(ana.pk))
    path = tmp_path / "one.json"
    path.write_text(json.dumps(transcript(user_id=ana.pk)))

    with pytest.raises(CommandError):
        call_command("import_transcripts", path)

    assert "names two learners" in capsys.readouterr().err
    assert not Conversation.objects.exists()


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[" * 100_000, None])
def test_a_file_that_cannot_be_read_is_refused(tmp_path, capsys, content):
    path = tmp_path / "broken.json"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(CommandError):
        call_command("import_transcripts", path)

    assert str(path) in capsys.readouterr().err


def test_a_refused_import_ends_with_exit_code_one(tmp_path):
    with pytest.raises(CommandError) as refused:
        call_command("import_transcripts", tmp_path / "none.json")

    assert refused.value.returncode == 1
