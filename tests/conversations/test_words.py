"""Words in messages, the page of a word, and what can be done with it there."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from conversations import words
from conversations.models import ConversationMessage
from progress.models import StudyDay
from tests.factories import ConversationFactory, introduce
from vocabulary.models import Gloss, VocabularyItem, WordMark

HTMX = {"headers": {"HX-Request": "true"}}
# Every word of a message: its classes, its address, and itself.
LINK = re.compile(r'<a class="(word[^"]*)" href="([^"]*)"[^>]*>([^<]*)</a>')
SENTENCES = {
    "en": ("She bought two tables.", "tables", "table"),
    "es": ("Ella compró dos mesas.", "mesas", "mesa"),
    "fr": ("Elle a acheté l’armoire.", "armoire", "armoire"),
    "de": ("Sie kaufte zwei Tische.", "Tische", "Tisch"),
    "it": ("Ha comprato l’orologio.", "orologio", "orologio"),
    "pt": ("Ela comprou duas mesas.", "mesas", "mesa"),
}


def said(conversation, content, role="user", **fields):
    message = ConversationMessage(role=role, content=content, **fields)
    return ConversationMessage.objects.append(conversation, [message])[0]


def address(word, language="es", seen=None):
    page = reverse("conversations:word", args=[language, word])
    if seen is None:
        return page
    return f"{page}?in={seen.conversation.conversation_id}&at={seen.position}"


def talk(client, conversation):
    return client.get(conversation.get_absolute_url()).text


def links(page):
    """Return (word, classes, address) for each word that is a link."""
    found = LINK.findall(page)
    return [(unescape(word), kind, unescape(to)) for kind, to, word in found]


def paragraph(page):
    """Return the text of the first paragraph of a message, as a reader has it."""
    first = re.search(r'<p lang="es" dir="auto">(.*?)</p>', page, re.DOTALL)[1]
    return unescape(strip_tags(first))


def met(response):
    found = re.search(r'<section class="met">(.*)</section>', response.text, re.DOTALL)
    quotes = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", found[1])
    return [unescape(strip_tags(quote)) for quote in quotes]


class TestMessages:
    def test_each_word_leads_to_its_page_and_back_to_its_place(
        self, learner_client, conversation
    ):
        message = said(conversation, "¿Dos cafés?")
        found = links(talk(learner_client, conversation))
        assert [(word, to) for word, _, to in found] == [
            ("Dos", address("Dos", seen=message)),
            ("cafés", address("cafés", seen=message)),
        ]

    @pytest.mark.parametrize("role", ["user", "assistant"])
    def test_words_of_both_sides_are_told_apart(
        self, learner_client, learner, conversation, role
    ):
        introduce(learner, "mesa")
        WordMark.objects.put(learner, "es", "gato", WordMark.Mark.KNOWN)
        WordMark.objects.put(learner, "es", "perro", WordMark.Mark.IGNORED)
        said(conversation, "La mesa, el gato, el perro y una silla.", role)
        found = links(talk(learner_client, conversation))
        assert {word: kind for word, kind, _ in found if len(word) > 3} == {
            "mesa": "word learning",
            "gato": "word known",
            "perro": "word ignored",
            "silla": "word new",
        }
        assert ("La", "word known") in {(word, kind) for word, kind, _ in found}

    def test_marks_can_be_switched_off_and_words_still_be_looked_up(
        self, learner_client, learner, conversation
    ):
        learner.marks_words = False
        learner.save()
        introduce(learner, "mesa")
        said(conversation, "Una mesa.")
        page = talk(learner_client, conversation)
        assert [kind for _, kind, _ in links(page)] == ["word", "word"]
        assert "known words" not in page
        assert "Switch marks on" in page

    def test_the_share_of_known_words_is_shown(
        self, learner_client, learner, conversation
    ):
        for lemma in ("mesa", "gato"):
            WordMark.objects.put(learner, "es", lemma, WordMark.Mark.KNOWN)
        said(conversation, "La mesa, el gato y una silla.")
        assert "66 % known words" in talk(learner_client, conversation)

    def test_a_message_without_words_has_no_share(self, learner_client, conversation):
        said(conversation, "¡25! 👍")
        page = talk(learner_client, conversation)
        assert links(page) == []
        assert "known words" not in page

    def test_of_a_message_one_word_is_a_stop_for_the_tab_key(
        self, learner_client, conversation
    ):
        said(conversation, "Una mesa.\nUna silla.")
        said(conversation, "Un gato negro.")
        page = talk(learner_client, conversation)
        assert len(links(page)) == 7
        assert page.count('tabindex="-1">') - page.count("<main") == 5

    def test_a_note_and_another_language_have_no_links(
        self, learner_client, conversation
    ):
        said(conversation, "Habla despacio.", "system")
        said(conversation, "Try again.", language="en")
        parts = [["en", "Say it:"], ["es", "Una mesa."]]
        said(conversation, "Say it:\n\nUna mesa.", "assistant", parts=parts)
        found = links(talk(learner_client, conversation))
        assert [word for word, _, _ in found] == ["Una", "mesa"]

    @pytest.mark.parametrize(
        "content",
        [
            "<b>mesa</b> & \"silla\" <script>alert('x')</script>",
            "שלום mesa עולם",
            "👩‍👩‍👧 mesa 🎉🎉 sillas…",
            "l’été,\n\n  d'accord — ¿no?  ",
            "cafe\u0301s y_guiones-bajos %s {0} {{ x }}",
            "x" * 300 + " mesa",
        ],
    )
    def test_the_text_stays_what_was_said(self, learner_client, conversation, content):
        message = said(conversation, content)
        page = talk(learner_client, conversation)
        assert paragraph(page) == message.content
        assert "<script>alert" not in page
        for _, _, to in links(page):
            assert learner_client.get(to).status_code == 200

    def test_a_new_word_keeps_its_translation_above_it(
        self, learner_client, conversation
    ):
        new = [
            {"word": "por favor", "lemma": "por favor", "translation": "please"},
            {"word": "mesa", "lemma": "mesa", "translation": ""},
        ]
        said(conversation, "Una mesa, por favor.", "assistant", vocabulary=new)
        page = talk(learner_client, conversation)
        assert [(word, kind) for word, kind, _ in links(page)] == [
            ("Una", "word known"),
            ("mesa", "word new new-word"),
            ("por favor", "word new new-word"),
        ]
        assert page.count("<ruby>") == 1
        assert '<rt lang="en">please</rt>' in page

    def test_a_word_with_a_slash_has_a_page_too(self, learner_client, conversation):
        new = [{"word": "y/o", "lemma": "y/o", "translation": "and/or"}]
        said(conversation, "Pan y/o vino.", "assistant", vocabulary=new)
        (to,) = [
            to
            for word, _, to in links(talk(learner_client, conversation))
            if "/" in word
        ]
        assert learner_client.get(to).context["word"].text == "y/o"


class TestPage:
    @pytest.mark.parametrize("language", SENTENCES)
    def test_it_tells_what_is_known_of_a_word(self, learner_client, learner, language):
        sentence, word, lemma = SENTENCES[language]
        learner.native_language = "de" if language == "en" else "en"
        learner.save()
        Gloss.objects.create(
            language=language,
            native_language=learner.native_language,
            lemma=lemma,
            translation="a piece of furniture",
            phonetic="ˈfɜːnɪtʃə",
            source="FreeDict",
            licence="GPL-2.0",
        )
        conversation = ConversationFactory(learner=learner, language=language)
        seen = said(conversation, sentence)
        response = learner_client.get(address(word, language, seen))
        shown = response.context
        assert (shown["word"].lemma, shown["state"]) == (lemma, "new")
        assert str(shown["sentence"]) == sentence
        for text in ("a piece of furniture", "ˈfɜːnɪtʃə", "FreeDict · GPL-2.0"):
            assert text in response.text
        assert f'<dd lang="{language}">{lemma}</dd>' in response.text
        assert f"#message-{seen.position}" in response.text

    @pytest.mark.parametrize(
        ("word", "frequency"),
        [
            ("casa", "Among the 1,000 commonest words (Zipf 5.8 of 8)"),
            ("mesa", "Among the 10,000 commonest words"),
            ("gaviota", "Among the 40,000 commonest words"),
            ("de", "Among the 100 commonest words"),
            ("zzyzxq", "Rare, or not counted"),
        ],
    )
    def test_it_says_how_common_the_word_is(self, learner_client, word, frequency):
        assert frequency in learner_client.get(address(word)).text

    def test_a_word_nobody_knows_is_not_made_up(self, learner_client):
        page = learner_client.get(address("zzyzxq")).text
        assert "No translation of it is known here." in page
        assert "Not yet in talk." in page

    def test_a_function_word_says_that_it_is_one(self, learner_client):
        response = learner_client.get(address("con"))
        assert response.context["state"] == "known"
        assert "a word of grammar" in response.text

    def test_an_item_is_shown_with_its_state_and_linked(self, learner_client, learner):
        item = introduce(learner, "mesa")[0]
        VocabularyItem.objects.revise(item, translation="my own table")
        page = learner_client.get(address("mesas")).text
        for shown in ("Learning", "my own table", item.get_absolute_url(), "Now"):
            assert shown in page
        assert 'value="add"' not in page

    def test_a_suspended_item_is_not_due(self, learner_client, learner):
        item = introduce(learner, "mesa")[0]
        VocabularyItem.objects.revise(item, is_suspended=True)
        response = learner_client.get(address("mesa"))
        assert response.context["state"] == "ignored"
        assert "<dd>Suspended</dd>" in response.text

    def test_the_other_words_of_the_message_are_links_and_stops(
        self, learner_client, learner, conversation
    ):
        seen = said(conversation, "Una mesa y dos sillas.")
        page = learner_client.get(address("mesa", seen=seen)).text
        assert [word for word, _, _ in links(page)] == [
            "Una",
            "mesa",
            "y",
            "dos",
            "sillas",
        ]
        assert page.count('aria-current="true">mesa') == 1
        assert 'tabindex="-1">y' not in page

    def test_a_part_is_the_same_without_the_page(self, learner_client, conversation):
        seen = said(conversation, "Una mesa.")
        response = learner_client.get(address("mesa", seen=seen), **HTMX)
        assert "<html" not in response.text
        assert 'data-lemma="mesa" data-state="new"' in response.text
        assert '<h2 tabindex="-1" lang="es">mesa</h2>' in response.text

    @pytest.mark.parametrize(
        "path",
        [
            "xx/mesa/",
            "es/123/",
            "es/👍/",
            "es/%00mesa/",
            "es/%20/",
            f"es/{'x' * 101}/",
            f"es/{'x' * 10_000}/",
            f"es/{'%C4%B0' * 100}/",
        ],
    )
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_what_is_no_word_has_no_page(self, learner_client, path, method):
        assert getattr(learner_client, method)(f"/words/{path}").status_code == 404

    @pytest.mark.parametrize(
        "query",
        [
            {"in": "gone", "at": "1"},
            {"in": "\x00", "at": "1"},
            {"in": "x" * 10_000, "at": "1"},
            {"at": "1"},
            {"in": "{id}"},
            {"in": "{id}", "at": "9"},
            {"in": "{id}", "at": "0"},
            {"in": "{id}", "at": str(2**70)},
            {"in": "{id}", "at": "one"},
        ],
    )
    def test_a_place_that_is_none_is_left_out(
        self, learner_client, conversation, query
    ):
        said(conversation, "Una mesa.")
        query = {
            name: text.replace("{id}", conversation.conversation_id)
            for name, text in query.items()
        }
        response = learner_client.get(address("mesa"), query)
        assert response.status_code == 200
        assert response.context["seen"] is None

    def test_a_message_without_the_word_gives_no_sentence(
        self, learner_client, conversation
    ):
        seen = said(conversation, "Una mesa.")
        response = learner_client.get(address("gato", seen=seen))
        assert response.context["sentence"] is None

    def test_a_place_in_another_language_is_left_out(
        self, learner_client, conversation
    ):
        seen = said(conversation, "Una mesa.")
        response = learner_client.get(address("mesa", "pt", seen))
        assert response.context["seen"] is None

    def test_a_stranger_sees_nothing_of_the_learners(
        self, stranger_client, learner, conversation
    ):
        introduce(learner, "mesa")
        WordMark.objects.put(learner, "es", "gato", WordMark.Mark.KNOWN)
        seen = said(conversation, "Una mesa y un gato.")
        for word in ("mesa", "gato"):
            response = stranger_client.get(address(word, seen=seen))
            assert response.context["state"] == "new"
            assert response.context["seen"] is None
            assert "Una mesa" not in response.text

    def test_a_visitor_is_asked_to_sign_in(self, client, db):
        assert client.get(address("mesa")).status_code == 302

    @pytest.mark.parametrize("count", [1, 50])
    def test_it_takes_the_same_queries_for_any_number(
        self, learner_client, learner, count, django_assert_num_queries
    ):
        conversation = ConversationFactory(learner=learner)
        for number in range(count):
            seen = said(conversation, f"Una mesa y zq{number}k.")
        # session, learner, message, items, marks, item, glosses, pronunciation, met
        with django_assert_num_queries(9):
            learner_client.get(address("mesa", seen=seen))


class TestWhereMet:
    def test_sentences_with_any_form_are_listed_newest_first(
        self, learner_client, learner, conversation
    ):
        said(conversation, "No tengo nada. ¡Pon la mesa! Gracias.")
        said(conversation, "Dos MESAS, por favor.", "assistant")
        said(conversation, "Una mesita.")
        said(conversation, "La mesa…\nOtra línea")
        response = learner_client.get(address("mesa"))
        assert met(response) == [
            "La mesa…",
            "Dos MESAS, por favor.",
            "¡Pon la mesa!",
        ]
        assert "The tutor in" in response.text

    def test_irregular_forms_are_found(self, learner_client, conversation):
        said(conversation, "Ayer comió pan.")
        said(conversation, "Yo digo algo.")
        said(conversation, "Ella dijo algo.")
        assert met(learner_client.get(address("decir"))) == [
            "Ella dijo algo.",
            "Yo digo algo.",
        ]

    def test_words_of_several_tokens_are_found(self, learner_client, conversation):
        said(conversation, "Por nada.")
        said(conversation, "Un favor.")
        said(conversation, "Por favor, por favor.")
        response = learner_client.get(address("por favor"))
        assert met(response) == ["Por favor, por favor."]

    def test_each_leads_to_its_message(self, learner_client, learner):
        conversation = ConversationFactory(learner=learner, turns=40)
        late = said(conversation, "Una mesa.")
        early = ConversationMessage.objects.get(content="Hola 3")
        response = learner_client.get(address("mesa"))
        page = conversation.get_absolute_url()
        assert f'href="{page}#message-{late.position}"' in response.text
        response = learner_client.get(address("hola"))
        (one,) = [
            one
            for one in words.met(learner, "es", "hola")
            if one.message.position == late.position - 2
        ]
        assert one.address == f"{page}#message-{late.position - 2}"
        earlier = words.talk.address_of(early)
        assert earlier == f"{page}?before=32#message-7"
        assert 'id="message-7"' in learner_client.get(earlier).text

    def test_the_message_it_was_clicked_in_is_not_repeated(
        self, learner_client, conversation
    ):
        seen = said(conversation, "Una mesa.")
        response = learner_client.get(address("mesa", seen=seen))
        assert met(response) == []
        assert "Only in this message so far." in response.text
        said(conversation, "Otra mesa.")
        assert met(learner_client.get(address("mesa", seen=seen))) == ["Otra mesa."]

    def test_only_the_newest_sentences_are_shown(self, learner_client, conversation):
        for number in range(words.SHOWN + 3):
            said(conversation, f"Mesa {number}.")
        found = met(learner_client.get(address("mesa")))
        assert found == [f"Mesa {number}." for number in range(12, 2, -1)]

    def test_the_search_ends_where_the_page_says(self, learner_client, learner):
        conversation = ConversationFactory(learner=learner)
        now = timezone.now()
        texts = ["Una mesa.", *(["No."] * words.SCANNED)]
        ConversationMessage.objects.append(
            conversation,
            [
                ConversationMessage(
                    role="user", content=text, created_at=now + timedelta(seconds=place)
                )
                for place, text in enumerate(texts)
            ],
        )
        response = learner_client.get(address("mesa"))
        assert met(response) == []
        assert "Your latest 2,000 messages" in response.text

    def test_other_languages_notes_and_asides_are_no_meetings(
        self, learner_client, learner, conversation
    ):
        said(ConversationFactory(learner=learner, language="pt"), "A mesa.")
        said(conversation, "Una mesa.", "system")
        parts = [["en", "A mesa is flat."], ["es", "Bien."]]
        said(conversation, "A mesa is flat.\n\nBien.", "assistant", parts=parts)
        assert met(learner_client.get(address("mesa"))) == []

    def test_a_strangers_sentences_are_never_shown(
        self, learner_client, stranger_client, conversation
    ):
        said(conversation, "Una mesa secreta.")
        assert met(stranger_client.get(address("mesa"))) == []

    def test_of_an_endless_sentence_a_part_is_shown(self, learner_client, conversation):
        seen = said(conversation, "bla " * 1000 + "mesa" + " blu" * 1000)
        sentence = words.sentence_in(seen, "es", "mesa")
        assert sentence.word == "mesa"
        assert sentence.before.startswith("… bla bla")
        assert sentence.after.endswith("blu …")
        assert len(str(sentence)) <= words.SENTENCE + 10

    @pytest.mark.parametrize(
        ("content", "start", "end"),
        [
            ("mesa" + " blu" * 1000, "mesa blu", "blu …"),
            ("bla " * 1000 + "mesa", "… bla", "bla mesa"),
        ],
    )
    def test_a_part_is_cut_only_where_it_is_long(
        self, conversation, content, start, end
    ):
        sentence = str(words.sentence_in(said(conversation, content), "es", "mesa"))
        assert sentence.startswith(start)
        assert sentence.endswith(end)

    def test_the_vocabulary_page_has_them_too(
        self, learner_client, learner, conversation
    ):
        item = introduce(learner, "mesa")[0]
        said(conversation, "Dos mesas.")
        response = learner_client.get(item.get_absolute_url())
        assert met(response) == ["Dos mesas."]


class TestActs:
    def act(self, client, act, word="mesas", seen=None, **options):
        return client.post(address(word, seen=seen), {"act": act}, **options)

    def test_adding_keeps_the_sentence_and_the_conversation(
        self, learner_client, learner
    ):
        conversation = ConversationFactory(learner=learner, vocabulary_level="advanced")
        seen = said(conversation, "Hola. Quiero dos mesas.")
        for _ in range(2):  # repeating it changes nothing
            response = self.act(learner_client, "add", seen=seen)
        page = conversation.get_absolute_url()
        assert response.url == f"{page}#message-{seen.position}"
        assert "“mesas” is in your vocabulary." in learner_client.get(page).text
        item = learner.vocabulary_items.get()
        assert (item.word, item.lemma) == ("mesas", "mesa")
        assert item.example == "Quiero dos mesas."
        assert item.source == VocabularyItem.Source.CONVERSATION
        assert item.source_id == conversation.conversation_id
        assert item.difficulty_level >= 7
        assert StudyDay.objects.for_learner(learner).totals()["words"] == 1
        assert conversation.title in learner_client.get(item.get_absolute_url()).text

    def test_adding_takes_the_first_translation_that_fits(
        self, learner_client, learner
    ):
        for number, text in enumerate(("x" * 201, "a seagull", "a gull")):
            Gloss.objects.create(
                language="es",
                native_language="en",
                lemma="gaviota",
                translation=text,
                source=f"Dictionary {number}",
                licence="GPL",
            )
        response = self.act(learner_client, "add", "gaviotas")
        assert response.url == address("gaviotas")
        item = learner.vocabulary_items.get()
        assert (item.translation, item.example) == ("a seagull", "")
        assert item.source == VocabularyItem.Source.LEARNER
        page = learner_client.get(response.url).text
        assert page.count("a seagull") == 1
        assert "Dictionary 1" in page

    def test_a_word_that_the_message_does_not_have_gets_no_example(
        self, learner_client, learner, conversation
    ):
        seen = said(conversation, "Una silla.")
        self.act(learner_client, "add", seen=seen)
        assert learner.vocabulary_items.get().example == ""

    def test_a_word_is_known_ignored_and_neither(self, learner_client, learner):
        for act, state in (
            ("known", "known"),
            ("known", "known"),
            ("ignored", "ignored"),
            ("forget", "new"),
            ("forget", "new"),
        ):
            response = self.act(learner_client, act)
            assert response.url == address("mesas")
            assert learner_client.get(response.url).context["state"] == state
        assert not VocabularyItem.objects.exists()

    def test_only_what_makes_sense_is_offered(self, learner_client):
        def offered():
            page = learner_client.get(address("mesas")).text
            return re.findall(r'name="act" value="(\w+)"', page)

        assert offered() == ["add", "known", "ignored"]
        self.act(learner_client, "known")
        assert offered() == ["add", "ignored", "forget"]
        self.act(learner_client, "ignored")
        assert offered() == ["add", "known", "forget"]
        self.act(learner_client, "add")
        assert offered() == []

    def test_a_part_answers_with_the_part_as_it_now_is(
        self, learner_client, conversation
    ):
        seen = said(conversation, "Dos mesas.")
        response = self.act(learner_client, "add", seen=seen, **HTMX)
        assert response.status_code == 200
        assert "<html" not in response.text
        assert 'data-lemma="mesa" data-state="learning"' in response.text
        assert "“mesas” is in your vocabulary." in response.text

    @pytest.mark.parametrize(
        "given", [{}, {"act": ""}, {"act": "burn"}, {"act": "\x00"}]
    )
    def test_an_act_that_is_none_is_refused(self, learner_client, given):
        response = learner_client.post(address("mesas"), given)
        assert response.status_code == 422
        assert 'role="alert"' in response.text
        assert not VocabularyItem.objects.exists()
        assert not WordMark.objects.exists()

    def test_a_strangers_act_is_the_strangers_own(
        self, stranger_client, stranger, learner, conversation
    ):
        seen = said(conversation, "Dos mesas secretas.")
        self.act(stranger_client, "add", seen=seen)
        assert not learner.vocabulary_items.exists()
        item = stranger.vocabulary_items.get()
        assert (item.example, item.source_id) == ("", "")
