"""Text out of HTML, and into it, as fields of Anki's notes hold it."""

import html
import re
from html.parser import HTMLParser

BREAKS = {"br", "div", "p", "li", "tr", "hr"}
HIDDEN = {"script", "style"}
# Longer fields are cut before they are parsed: no text that Lingo keeps is so long.
LONGEST = 20_000

_SOUND = re.compile(r"\[(?:sound|anki):[^\]]*\]")
_CLOZE = re.compile(r"\{\{c\d+::(.*?)(?:::.*?)?\}\}", re.DOTALL)


def to_html(text):
    """Return the text as HTML that shows it as it is.

    Opening brackets are written as entities, since Anki takes “[sound:…]” for media and
    “{{c1::…}}” for a gap.
    """
    escaped = html.escape(text.replace("\x1f", " "), quote=False)
    for sign, entity in (("[", "&#91;"), ("{", "&#123;"), ("\n", "<br>")):
        escaped = escaped.replace(sign, entity)
    return escaped


def to_text(field):
    """Return the text that the HTML of a field shows, line by line."""
    text = _SOUND.sub("", _CLOZE.sub(r"\1", field[:LONGEST]))
    parser = _Text()
    parser.feed(text)
    parser.close()
    lines = "".join(parser.parts).replace("\xa0", " ").splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


class _Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts = []
        self.hidden = 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in HIDDEN
        if tag in BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag):
        self.hidden -= tag in HIDDEN and self.hidden > 0
        if tag in BREAKS:
            self.parts.append("\n")

    def handle_data(self, data):
        if not self.hidden:
            self.parts.append(data)
