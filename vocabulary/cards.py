"""A word as a card: what it asks, which answers it takes, and its buttons."""

import hashlib
import re
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from django.utils import timezone

from vocabulary import lexicon
from vocabulary.answers import judge
from vocabulary.models import Review, VocabularyItem
from vocabulary.reviewing import after_rating

Rating = Review.Rating


class Kind(StrEnum):
    """What is asked; the last three are answered by typing."""

    RECOGNISE = "recognise"  # word → meaning
    RECALL = "recall"  # meaning → word
    GAP = "gap"  # the word in the learner's own sentence
    LISTEN = "listen"  # sound → word; as RECALL where there is no voice


class Button(NamedTuple):
    """A rating, and how long after it the word is due."""

    rating: Rating
    wait: timedelta
    is_suggested: bool


class Card(NamedTuple):
    """One review of one word that is to be.

    `number` is how many reviews the word has had, undone ones included: with the word
    it names this review, wherever and however often the card is shown.
    """

    item: VocabularyItem
    number: int
    kind: Kind
    # The sentence of a gap, around each place that the word is left out.
    sentence: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()

    @property
    def client_id(self):
        item = self.item
        word = hashlib.sha256(f"{item.language}:{item.lemma}".encode()).hexdigest()
        return f"card:{word[:32]}:{self.number}"

    @property
    def is_typed(self):
        return self.kind != Kind.RECOGNISE

    @property
    def shows_translation(self):
        """Whether the question says it already, however it is asked."""
        return self.kind in (Kind.RECALL, Kind.GAP)

    def answer(self, typed):
        """Return the `Answer` of a typed text, or None where nothing was typed."""
        return judge(typed, self.accepted) if typed.strip() and self.is_typed else None

    def buttons(self, answer=None, now=None):
        """Return the four `Button`s, with one suggested by the answer."""
        item, now = self.item, now or timezone.now()
        is_again = answer and answer.suggests_again(item.learner.minds_accents)
        suggested = Rating.AGAIN if is_again else Rating.GOOD
        wanted = item.learner.desired_retention
        return [
            Button(
                rating,
                after_rating(item, rating, now, wanted).due - now,
                rating == suggested,
            )
            for rating in Rating
        ]


def card_of(item):
    """Return the `Card` of a word as it stands: one query.

    A new word is shown; after that the possible kinds take turns, so that the card of
    a word is the same until it is reviewed.
    """
    number = Review.objects.for_learner(item.learner_id).filter(item=item).count()
    whole = tuple(dict.fromkeys((item.word, item.lemma)))
    sentence, form = gap(item.example, item)
    possible = {
        Kind.RECOGNISE: True,
        Kind.RECALL: item.translation,
        Kind.GAP: sentence,
        Kind.LISTEN: item.translation,
    }
    kinds = [kind for kind, is_possible in possible.items() if is_possible]
    kind = kinds[(item.times_correct + item.times_incorrect) % len(kinds)]
    if kind == Kind.GAP:
        return Card(item, number, kind, sentence, (form,))
    return Card(item, number, kind, accepted=whole)


def gap(text, item):
    """Return the text around each form of the word in it, and the first form.

    Where it has none: ((), "").
    """
    places = [
        (token.start, token.end)
        for token in lexicon.tokens(text, item.language)
        if lexicon.lemma(token.text, item.language) == item.lemma
    ]
    if not places:
        # A word of several words, or one that is written as two.
        as_met = re.compile(rf"(?<!\w){re.escape(item.word)}(?!\w)", re.IGNORECASE)
        places = [match.span() for match in as_met.finditer(text)]
    if not places:
        return (), ""
    starts = [0, *(end for _, end in places)]
    ends = [*(start for start, _ in places), len(text)]
    pieces = tuple(text[a:b] for a, b in zip(starts, ends, strict=True))
    return pieces, text[slice(*places[0])]
