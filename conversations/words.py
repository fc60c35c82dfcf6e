"""A word met in talk: what is known of it, where it was met, what to do with it."""

import re
from typing import NamedTuple

from conversations import talk
from conversations.models import ConversationMessage
from vocabulary import glossary, lexicon, pronunciation, word_states
from vocabulary.adding import add_word
from vocabulary.models import VocabularyItem, WordMark

# How many of a learner's messages are looked through for a word, and how many of their
# sentences are shown.
SCANNED, SHOWN = 2_000, 10
# What is read of each of them.
READ = (
    *("role", "content", "language", "parts", "position", "created_at"),
    *(f"conversation__{name}" for name in ("conversation_id", "title", "language")),
    "conversation__message_count",
)
# The longest sentence that is shown or kept as an example; of longer ones a part.
SENTENCE = 300
# What a dictionary says at greater length is too much for an item.
TRANSLATION = VocabularyItem._meta.get_field("translation").max_length

# From a sign to what ends the sentence, or to the end of the line.
_SENTENCE = re.compile(r"\S.*?(?:[.!?…]+[»”\"')\]]*(?=\s|$)|$)", re.MULTILINE)


class Sentence(NamedTuple):
    """A sentence in three parts: the word is the middle one."""

    before: str
    word: str
    after: str

    def __str__(self):
        return "".join(self)


class Meeting(NamedTuple):
    """A message that has the word, its first sentence with it, and its address."""

    message: ConversationMessage
    sentence: Sentence
    address: str


def look_up(learner, language, word, seen=None):
    """Return what the word's page shows, by name. A constant number of queries.

    `seen` is the message that the word was clicked in, with its conversation, or None.
    """
    lemma = lexicon.lemma(word, language)
    found = talk.mark_known(learner, language, [seen] if seen else [], lemma)
    mine = VocabularyItem.objects.for_learner(learner)
    item = mine.filter(language=language, lemma=lemma).first()
    zipf = lexicon.frequency(lemma, language)
    level = seen.conversation.vocabulary_level if seen else ""
    is_content = not lexicon.is_function_word(word, language)
    glosses = _glosses(learner, language, lemma)
    own = item.translation if item else ""
    looked_at = word_states.Word(word, 0, len(word), lemma, is_content)
    return {
        "word": looked_at,
        "language": language,
        "state": word_states.state_of(looked_at, found),
        "is_marked": lemma in found and found[lemma].is_marked,
        "item": item,
        "glosses": glosses,
        "own": "" if own in {gloss.translation for gloss in glosses} else own,
        "frequency": zipf,
        "difficulty": item.difficulty_level
        if item
        else lexicon.difficulty(level, zipf),
        "seen": seen,
        "sentence": seen and sentence_in(seen, language, word),
        # The last, since it may wait for a program.
        "guide": pronunciation.guide(
            word, language, learner.native_language, item=item, glosses=glosses
        ),
    }


def add(learner, language, word, seen=None):
    """Add the word to the vocabulary; return the item, and whether it is new.

    With it go the sentence and the conversation that it was seen in, and the first
    translation that the glossary has. Safe to repeat.
    """
    fields = {}
    if seen:
        fields = {
            "example": str(sentence_in(seen, language, word) or ""),
            "level": seen.conversation.vocabulary_level,
            "source": VocabularyItem.Source.CONVERSATION,
            "source_id": seen.conversation.conversation_id,
        }
    glosses = _glosses(learner, language, lexicon.lemma(word, language))
    texts = (gloss.translation for gloss in glosses)
    translation = next((text for text in texts if len(text) <= TRANSLATION), "")
    return add_word(learner, language, word, translation=translation, **fields)


def put_mark(learner, language, word, mark):
    """Mark the word as known or ignored (a `WordMark.Mark`); take its mark away (None).

    Safe to repeat.
    """
    lemma = lexicon.lemma(word, language)
    if mark is None:
        WordMark.objects.forget(learner, language, lemma)
    else:
        WordMark.objects.put(learner, language, lemma, mark)


def met(learner, language, word, besides=None):
    """Return the latest `Meeting`s of the learner with the word, in any of its forms.

    Looks through the latest SCANNED messages of the learner's talk in the language, of
    both sides, `besides` one message that is shown already. One query.
    """
    mine = ConversationMessage.objects.for_learner(learner).filter(
        conversation__learner=learner, conversation__language=language
    )
    latest = mine.exclude(role=ConversationMessage.Role.SYSTEM)
    latest = latest.select_related("conversation").only(*READ)
    latest = latest.order_by("-created_at", "-pk")[:SCANNED]
    meetings = []
    for message in latest.iterator(chunk_size=100):  # a common word is found soon
        sentence = sentence_in(message, language, word)
        if sentence and message != besides:
            meetings.append(Meeting(message, sentence, talk.address_of(message)))
            if len(meetings) == SHOWN:
                break
    return meetings


def sentence_in(message, language, word):
    """Return the message's first `Sentence` with the word in any form, or None."""
    wanted = [one.lemma for one in word_states.words(word, language)]
    for text in message.texts_in(language):
        words = word_states.words(text, language)
        lemmas = [one.lemma for one in words]
        for place, lemma in enumerate(lemmas):
            last = place + len(wanted)
            if lemma == wanted[0] and lemmas[place:last] == wanted:
                return _around(text, words[place].start, words[last - 1].end)
    return None


def _around(text, start, end):
    """Return the `Sentence` of `text` that has the word from `start` to `end`."""
    whole = next(one for one in _SENTENCE.finditer(text) if start < one.end())
    before, after = text[whole.start() : start], text[end : whole.end()]
    if len(before) + len(after) > SENTENCE:
        half = SENTENCE // 2
        if len(before) > half:
            before = "… " + before[-half:].partition(" ")[2]
        if len(after) > half:
            after = after[:half].rpartition(" ")[0] + " …"
    return Sentence(before, text[start:end], after)


def _glosses(learner, language, lemma):
    found = glossary.look_up(language, [lemma], learner.native_language)
    return found.get(lemma, [])
