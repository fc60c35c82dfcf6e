"""How a message is written out: each of its words leads to what is known of it.

Of a message's links only the first is a stop for the Tab key: a page of fifty messages
has fifty stops, not two thousand. Its page has the others, each a stop; and with
JavaScript the arrow keys move from word to word (see `words.js`).

A page has thousands of links, so they are written by hand: `format_html` takes three
times as long. Each value is escaped where it is put in.
"""

import re
from html import escape
from operator import attrgetter
from typing import NamedTuple
from urllib.parse import quote, urlencode

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from vocabulary.word_states import Word, state_of


class Paragraph(NamedTuple):
    language: str
    html: SafeString
    is_aside: bool  # in another language than the conversation


class Links:
    """Makes words of a message links to their pages, which know where they stood.

    A link has the class of the word's state where the learner wants marks. It is the
    word and nothing else, so that the message can be read, heard and copied as text.
    """

    def __init__(self, message, language, current=None):
        """With a `current` lemma every link is a stop, and that word's is marked."""
        self.address = reverse("conversations:word", args=[language, "a"])[:-2]
        conversation_id = message.conversation.conversation_id
        query = urlencode({"in": conversation_id, "at": message.position})
        self.seen = escape(query)
        self.standings, self.current = message.standings, current
        self.is_stop = True

    def to(self, word, *classes):
        """Return a link to the word, as HTML."""
        if self.standings is not None:
            classes = (state_of(word, self.standings).value, *classes)
        address = f"{self.address}{quote(word.text, safe='')}/?{self.seen}"
        html = (
            f'<a class="{" ".join(("word", *classes))}" href="{address}" '
            f'data-lemma="{escape(word.lemma)}"{self._how_reached(word)}>'
            f"{escape(word.text)}</a>"
        )
        self.is_stop = self.current is not None
        return html

    def _how_reached(self, word):
        if word.lemma == self.current:
            return ' aria-current="true"'
        return "" if self.is_stop else ' tabindex="-1"'


def paragraphs(message, language, native_language, current=None):
    """Return the `Paragraph`s of a message that `talk.mark_known` has seen.

    Words in the conversation's `language` are links. The message's new and explained
    words have their translation above them, each where it first occurs.
    """
    links = Links(message, language, current)
    explained = [*message.glosses, *message.vocabulary]
    new = {word["word"].lower(): word for word in explained}
    words = iter(message.words)
    return [
        Paragraph(
            code,
            mark_safe(  # noqa: S308 (all of it was escaped)
                _with_links(text, next(words), new, links, native_language)
                if code == language and message.words
                else escape(text)
            ),
            code != language,
        )
        for code, text in message.paragraphs
    ]


def _with_links(text, words, new, links, native_language):
    """Return `text` as HTML; take from `new` each new word that it has."""
    translations = _take_new(text, new)
    apart = [
        word
        for word in words
        if all(word.end <= one.start or one.end <= word.start for one in translations)
    ]
    pieces, end = [], 0
    for word in sorted([*translations, *apart], key=attrgetter("start")):
        pieces.append(escape(text[end : word.start]))
        if word in translations:
            link = links.to(word, "new-word")
            pieces.append(_ruby(link, translations[word], native_language))
        else:
            pieces.append(links.to(word))
        end = word.end
    pieces.append(escape(text[end:]))
    return "".join(pieces)


def _take_new(text, new):
    """Return translations by `Word`; a new word may be of several tokens."""
    if not new:
        return {}
    longest_first = sorted(new, key=len, reverse=True)
    pattern = r"(?<!\w)({})(?!\w)".format("|".join(map(re.escape, longest_first)))
    taken = {}
    for match in re.finditer(pattern, text, flags=re.IGNORECASE):
        if word := new.pop(match[0].lower(), None):
            found = Word(match[0], match.start(), match.end(), word["lemma"], True)
            taken[found] = word["translation"]
    return taken


def _ruby(link, translation, native_language):
    if not translation:
        return link
    above = f'<rt lang="{native_language}">{escape(translation)}</rt>'
    return f"<ruby>{link}<rp> (</rp>{above}<rp>)</rp></ruby>"
