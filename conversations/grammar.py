"""Grammar flow charts: what a file must hold, and following one from its start.

The format is described in conversations/content/grammar/README.md.
"""

from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from conversations.feedback.categories import Category
from conversations.tutors import content
from lingo.content import Line, MalformedContent, Slug, Table, Text, read
from lingo.languages import LANGUAGES
from lingo.text import storable

Kind = Literal["start", "question", "step", "example", "end"]


def _storable_texts(texts):
    return {code: storable(text) for code, text in texts.items()}


StorableLine = Annotated[Line, AfterValidator(storable)]
StorableText = Annotated[Text, AfterValidator(_storable_texts)]


class Branch(Table):
    """One answer to a question, and the node that it leads to."""

    text: StorableText
    next: Slug


class Node(Table):
    id: Slug
    kind: Kind
    text: StorableText | None = None
    examples: list[StorableLine] = Field(default=[], max_length=4)
    next: Slug | None = None
    branch: list[Branch] = Field(default=[], max_length=6)

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self):
        is_question, is_end = self.kind == "question", self.kind == "end"
        shows = self.kind in ("example", "end")
        if self.text is None and self.kind != "example":
            raise ValueError(f"“{self.id}” needs a text")
        if bool(self.examples) != shows:
            raise ValueError(f"“{self.id}” {'needs' if shows else 'takes no'} examples")
        if (self.next is None) != (is_question or is_end):
            needs = "takes no" if self.next else "needs a"
            raise ValueError(f"“{self.id}” {needs} next")
        if is_question and len(self.branch) < 2:
            raise ValueError(f"“{self.id}” needs two or more branches")
        if self.branch and not is_question:
            raise ValueError(f"“{self.id}” takes no branch")
        if len(set(self.leads_to())) < len(self.leads_to()):
            raise ValueError(f"two branches of “{self.id}” lead to the same node")
        return self

    def leads_to(self):
        """Return the ids of the nodes that may follow."""
        return [self.next] if self.next else [branch.next for branch in self.branch]


class ChartContent(Table):
    """A chart, each of whose paths goes from the start to an end."""

    categories: list[Category] = Field(min_length=1)
    title: StorableText
    node: list[Node] = Field(min_length=2, max_length=40)

    @model_validator(mode="after")
    def _every_path_ends(self):
        places = {}
        for place, node in enumerate(self.node):
            if node.id in places:
                raise _at(place, f"“{node.id}” is there twice")
            if (node.kind == "start") != (place == 0):
                raise _at(place, "the first node, and no other, is the start")
            places[node.id] = place
        for place, node in enumerate(self.node):
            for following in node.leads_to():
                if following not in places:
                    raise _at(
                        place, f"“{node.id}” leads to “{following}”: no such node"
                    )
        reached = self._follow(places, 0, ())
        for place, node in enumerate(self.node):
            if place not in reached:
                raise _at(place, f"no path leads to “{node.id}”")
        return self

    def _follow(self, places, place, path):
        """Return the places that can be reached from `place`, itself among them."""
        if place in path:
            raise _at(place, f"a path comes back to “{self.node[place].id}”")
        reached = {place}
        for following in self.node[place].leads_to():
            if places[following] not in reached:
                reached |= self._follow(places, places[following], (*path, place))
        return reached

    def nodes(self):
        """Return the nodes as plain tables, without what they have not."""
        return [node.model_dump(exclude_defaults=True) for node in self.node]


def _at(place, reason):
    """Return the error of the node at `place`; pydantic adds it to its own."""
    error = PydanticCustomError("grammar_chart", "{reason}", {"reason": reason})
    details = InitErrorDetails(type=error, loc=("node", place), input=None)
    return ValidationError.from_exception_data("chart", [details])


def charts():
    """Yield language, slug and content of each chart's file.

    Raises MalformedContent.
    """
    for path in sorted((content.FOLDER / "grammar").glob("*/*.toml")):
        if path.parent.name not in LANGUAGES:
            raise MalformedContent(path, 1, f"no language “{path.parent.name}”")
        yield path.parent.name, path.stem, read(path, ChartContent)


class Way(NamedTuple):
    """Where a node leads, and by which answer ("" where nothing is asked)."""

    answer: str
    to: str


class Box(NamedTuple):
    """A node as a learner of one native language sees it."""

    id: str
    kind: str
    text: str
    examples: list[str]
    ways: list[Way]


def boxes(nodes, native):
    """Return a chart's nodes by id, the start first, in the native language."""
    return {node["id"]: _box(node, native) for node in nodes}


def _box(node: dict[str, Any], native):
    ways = [
        Way(branch["text"][native], branch["next"]) for branch in node.get("branch", [])
    ]
    if "next" in node:
        ways = [Way("", node["next"])]
    text = node.get("text", {}).get(native, "")
    return Box(node["id"], node["kind"], text, node.get("examples", []), ways)


class Asked(NamedTuple):
    """A part of the way: the nodes up to the next question or end, and its answer.

    `answers` are the ids that lead here; `chosen` is the label of the answer given,
    or None where the walk stands.
    """

    boxes: list[Box]
    answers: list[str]
    chosen: str | None


def walk(chart, answers):
    """Return the parts of the way through the boxes of `chart`, the last being here.

    `answers` are the ids of the nodes that each answer led to. Raises ValueError where
    one of them is no answer to what is asked there.
    """
    parts, here = [], stretch(chart, next(iter(chart)))
    for count, answer in enumerate(answers):
        given = {way.to: way.answer for way in here[-1].ways}
        if answer not in given:
            raise ValueError(f"“{here[-1].id}” does not lead to “{answer}”")
        parts.append(Asked(here, answers[:count], given[answer]))
        here = stretch(chart, answer)
    return [*parts, Asked(here, answers, None)]


def stretch(chart, first):
    """Return the boxes from `first` to the next one that asks or ends."""
    found = [chart[first]]
    while found[-1].kind not in ("question", "end"):
        found.append(chart[found[-1].ways[0].to])
    return found


class Told(NamedTuple):
    """An item of the chart told as a list: a box and, by answer, what follows it.

    A box that was told before `is_told`: it is not told again, but pointed to.
    """

    box: Box
    is_told: bool
    answers: list[tuple[str, list["Told"]]]


def tell(chart):
    """Return the boxes of `chart` as nested lists, each told once."""
    return _tell(chart, next(iter(chart)), set())


def _tell(chart, first, told):
    items = []
    for box in stretch(chart, first):
        if box.id in told:
            return [*items, Told(box, True, [])]
        told.add(box.id)
        answers = [
            (way.answer, _tell(chart, way.to, told)) for way in box.ways if way.answer
        ]
        items.append(Told(box, False, answers))
    return items
