"""What a guided tutor makes of a learner's message: words, by form and by lemma."""

from lingo.text import fold
from vocabulary import lexicon


class Heard:
    """One message, ready to be compared with what the tutor hopes to hear."""

    def __init__(self, text, language):
        self.language = language
        self.forms = [token.text for token in lexicon.tokens(text, language)]
        self.keys = set().union(*self._content(self.forms))

    def _content(self, forms):
        """Yield for each form that is no function word what it can be known by."""
        for form in forms:
            if not lexicon.is_function_word(form, self.language):
                yield {fold(form), fold(lexicon.lemma(form, self.language))}

    @property
    def has_content(self):
        """Whether there is any word beside function words."""
        return bool(self.keys)

    def has_words(self, phrase):
        """Whether every content word of `phrase` was heard, in any form and order."""
        forms = [token.text for token in lexicon.tokens(phrase, self.language)]
        words = list(self._content(forms))
        return bool(words) and all(word & self.keys for word in words)

    def has_opening(self, phrase):
        """Whether `phrase` was heard word by word, with a content word after it."""
        wanted = [fold(token.text) for token in lexicon.tokens(phrase, self.language)]
        forms = [fold(form) for form in self.forms]
        return any(
            forms[start : start + len(wanted)] == wanted
            and not lexicon.is_function_word(
                self.forms[start + len(wanted)], self.language
            )
            for start in range(len(forms) - len(wanted))
        )
