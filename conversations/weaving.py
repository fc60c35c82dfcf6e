"""Due words woven into a talk: chosen as it begins, used in it, or asked for.

Using one is a review of it, at most one a word and conversation: "good" unprompted,
"hard" after a hint. Asking to be shown it is "again". Any form of the word counts, but
not in another language, and not where the tutor has just said it: that is copied.

A tutor's help may give a word away. Named in a hint, it may be used at once, as "hard".
In a model sentence the tutor says it, so copying that doesn't count at all; later, in
the learner's own sentence, it is "hard" too.
"""

from django.db.models import Exists, F, OuterRef
from django.db.models.lookups import IsNull
from django.utils import timezone

from conversations import tutors
from conversations.errors import ConversationNotActive
from conversations.feedback.language import identify
from conversations.models import ConversationMessage, Objective, WovenWord
from conversations.tutors import asking, content, guided
from lingo.writing import first_wins
from vocabulary import lexicon, reviewing
from vocabulary.models import Review, VocabularyItem

Help = WovenWord.Help
# How many words a conversation has at most: as many as one keeps in mind.
MOST = 6
RATINGS = {
    Help.NONE: Review.Rating.GOOD,
    Help.HINT: Review.Rating.HARD,
    Help.SHOWN: Review.Rating.AGAIN,
}


def choose(conversation):
    """Weave due words into a conversation that begins, in the caller's transaction.

    At most MOST of those that its scenario or topic asks for, or any topic where it has
    neither; of all words where the tutor can ask for any.
    Those with a memory before those never reviewed, soonest due first. A constant
    number of statements.
    """
    learner, language = conversation.learner, conversation.language
    mine = VocabularyItem.objects.for_learner(learner).filter(language=language)
    due = mine.due(timezone.now(), learner.day_end())
    if not due.exists():
        return
    # An id may come again after its conversation was deleted; its reviews stay.
    reviewed = Review.objects.filter(
        learner=OuterRef("learner"),
        item=OuterRef("pk"),
        kind=Review.Kind.CONVERSATION,
        source_id=conversation.conversation_id,
    )
    fitting = due.filter(~Exists(reviewed))
    if not tutors.tutor_of(conversation).asks_for_any_word:
        fitting = fitting.filter(lemma__in=_asked_for(conversation))
    first = fitting.order_by(IsNull(F("last_review"), True), "due", "pk")[:MOST]
    WovenWord.objects.weave(conversation, first)


def _asked_for(conversation):
    """Return the lemmas for which the conversation's content gives occasion."""
    language = conversation.language
    if conversation.scenario:
        asked = Objective.objects.filter(phase__scenario=conversation.scenario)
        tables = asked.order_by().values_list("prompt", flat=True)
        prompts = [content.Prompt.trusted(prompt) for prompt in tables]
        return content.lemmas(prompts, conversation.scenario.words, language)
    topic = guided.topic_of(conversation.topic)
    slugs = [topic] if topic else content.topics()
    return frozenset().union(*(content.topic_lemmas(slug, language) for slug in slugs))


def still_open(conversation):
    """Return the woven words that wait to be used, with their items.

    No statement where there never were any, else one or two.
    """
    if not conversation.is_woven:
        return []
    words = with_items(WovenWord.objects.of(conversation).still_open())
    return [word for word in words if not word.item.is_suspended]


def with_items(woven):
    """Return the list of one learner's woven words whose items are there, with them.

    Without a join, which would cost each turn of those that have no words, most of all.
    """
    words = list(woven)
    keys = [word.item_id for word in words]
    mine = VocabularyItem.objects.filter(learner__in={w.learner_id for w in words})
    items = mine.in_bulk(keys) if keys else {}
    there = [word for word in words if word.item_id in items]
    for word in there:
        word.item = items[word.item_id]
    return there


def uses(said, woven):
    """Return those of the woven words that `said` uses, each with its sentence.

    To ask what a word means, or how one says something, is no use of it.
    No statement where none of them is in it, else one.
    """
    language = said.conversation.language
    native = said.conversation.learner.native_language
    spoken = asking.without_requests(said.content, language, native) if woven else ()
    parts = [(set(lexicon.lemmas(sentence, language)), sentence) for sentence in spoken]
    found = {
        word: next(sentence for lemmas, sentence in parts if word.item.lemma in lemmas)
        for word in woven
        if any(word.item.lemma in lemmas for lemmas, _ in parts)
    }
    if not found or identify(said.content, language) != language:
        return {}
    copied = _said_by_tutor_before(said)
    return {word: text for word, text in found.items() if word.item.lemma not in copied}


def _said_by_tutor_before(said):
    """Return the lemmas of the tutor's last message before, without asides."""
    before = ConversationMessage.objects.of(said.conversation).filter(
        role=ConversationMessage.Role.ASSISTANT, position__lt=said.position
    )
    last = before.order_by("-position").first()
    if last is None:
        return set()
    language = said.conversation.language
    spoken = [text for code, text in last.parts if code == language]
    text = "\n".join(spoken) if last.parts else last.content
    return set(lexicon.lemmas(text, language))


def record(conversation, said, used, named):
    """Review the words that `said` uses, and note those that the reply's help named.

    In the transaction that has locked the conversation, so that no word changes
    meanwhile. One that was closed since, or whose item is gone, is left out. A constant
    number of statements, none where there are no words.
    """
    if not (used or named):
        return
    mine = WovenWord.objects.of(conversation).still_open()
    if named:
        _give_hint(mine.filter(pk__in=[word.pk for word in named]))
    if used:
        words = list(mine.filter(pk__in=[word.pk for word in used]))
        _review(conversation, {word: used[word] for word in words})
        mine.filter(pk__in=[word.pk for word in words]).update(used_in=said)


def _give_hint(words):
    words.filter(help=Help.NONE).update(help=Help.HINT)


def _review(conversation, sentences_by_word):
    """Review the words as their help tells; each with its sentence as evidence."""
    reviews = [
        Review(
            learner=conversation.learner,
            item_id=word.item_id,
            client_id=f"talk:{conversation.pk}:{word.item_id}",
            kind=Review.Kind.CONVERSATION,
            source_id=conversation.conversation_id,
            rating=RATINGS[Help(word.help)],
            evidence=sentence,
        )
        for word, sentence in sentences_by_word.items()
    ]
    if reviews:
        reviewing.record_all(reviews)


def hint(word):
    """Give a hint on the woven word; used after it, it is "hard". Safe to repeat.

    Raises ConversationNotActive and ConversationNotFound.
    """
    first_wins(lambda: _give_hint(_locked(word)))


def show(word):
    """Give the woven word away, which is a review of it: "again". Safe to repeat.

    Raises ConversationNotActive and ConversationNotFound.
    """

    def write():
        mine = _locked(word)
        for found in mine:
            found.help = Help.SHOWN
            _review(word.conversation, {found: ""})
        mine.update(help=Help.SHOWN)

    first_wins(write)


def _locked(word):
    """Lock the word's conversation; return the word's row, if it is still open."""
    conversation = word.conversation
    conversation.lock()
    if not conversation.is_active:
        raise ConversationNotActive(conversation)
    return WovenWord.objects.of(conversation).still_open().filter(pk=word.pk)
