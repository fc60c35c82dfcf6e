"""What the talk page and the summary show of a conversation, in few queries."""

from django.db.models import Exists, OuterRef, Prefetch, Q

from conversations import weaving
from conversations.feedback import showing
from conversations.models import (
    ConversationMessage,
    Correction,
    GrammarChart,
    TutorCall,
    WovenWord,
)
from conversations.tutors.content import Prompt
from vocabulary import lexicon, word_states
from vocabulary.models import Review, VocabularyItem

# How many messages a page shows at first, and then with each look back.
PAGE = 50


def latest(conversation, before=None):
    """Return the last messages before a position (None: all), and if more precede."""
    messages = ConversationMessage.objects.of(conversation).before(before, PAGE + 1)
    shown = messages[-PAGE:]
    return _as_shown(conversation, shown), len(messages) > PAGE


def since(conversation, position):
    """Return the messages after `position`, the last of them where they are many."""
    messages = ConversationMessage.objects.of(conversation)
    newer = messages.filter(position__gt=position).before(None, PAGE)
    return _as_shown(conversation, newer)


def address_of(message):
    """Return where the message is on its conversation's page."""
    conversation = message.conversation
    page = conversation.get_absolute_url()
    if message.position <= conversation.message_count - PAGE:
        page = f"{page}?before={message.position + PAGE // 2}"
    return f"{page}#message-{message.position}"


def _as_shown(conversation, messages):
    """Tell of each message whether it waits for an answer, and what words it has.

    One query more where any waits: whether one is being written.
    """
    if not messages:
        return messages
    of = ConversationMessage.objects.of(conversation)
    places = (messages[0].position, messages[-1].position)
    waiting = of.unanswered().filter(position__range=places)
    waiting = set(waiting.values_list("position", flat=True))
    being_answered = ()
    if waiting:
        calls = TutorCall.objects.of(conversation).under_way()
        being_answered = calls.values_list("message", flat=True)
    learner = conversation.learner
    for message in messages:
        message.is_unanswered = message.position in waiting
        message.is_being_answered = message.pk in being_answered
        message.conversation = conversation
    is_hint = learner.feedback_style == learner.FeedbackStyle.HINT_FIRST
    _show_corrections(learner, messages, showing.in_talk, is_hint=is_hint)
    mark_known(learner, conversation.language, messages)
    return messages


def with_corrections(messages):
    """Give one learner's messages their `found` corrections: at most one query."""
    said = [message for message in messages if message.is_learners]
    of: dict[int, list] = {message.pk: [] for message in messages}
    for correction in Correction.objects.of(said) if said else ():
        of[correction.message_id].append(correction)
    for message in messages:
        message.found = of[message.pk]
    return messages


def _show_corrections(learner, messages, is_wanted, *, is_hint=False):
    """Give messages their `shown_corrections`, those that are wanted: two queries."""
    wanted = {
        message: [one for one in message.found if is_wanted(one, learner)]
        for message in with_corrections(messages)
    }
    shown = [one for found in wanted.values() for one in found]
    categories_of = GrammarChart.objects.categories_of
    charted = categories_of(shown[0].language) if shown else set()
    for message, found in wanted.items():
        message.shown_corrections = [
            showing.shown(one, message.content, learner, charted, is_hint=is_hint)
            for one in found
        ]
    return messages


def mark_known(learner, language, messages, *lemmas):
    """Give messages their words, and how the learner stands to them.

    `message.words` has a list for each of its texts in the language;
    `message.standings` are those of all messages' words and of `lemmas`, and None where
    the learner wants no marks; so is `message.known_share` (0–1) then. Two queries, or
    none. Returns the standings.
    """
    for message in messages:
        message.words = [
            word_states.words(text, language) for text in message.texts_in(language)
        ]
        message.standings = message.known_share = None
    if not learner.marks_words:
        return word_states.standings(learner, language, lemmas)
    wanted = {word["lemma"] for message in messages for word in message.vocabulary}
    for message in messages:
        wanted.update(word.lemma for words in message.words for word in words)
    found = word_states.standings(learner, language, wanted.union(lemmas))
    for message in messages:
        words = [word for words in message.words for word in words]
        message.standings = found
        message.known_share = word_states.known_share(words, found)
    return found


def run_of(conversation):
    """Return the conversation's run through its scenario, or None.

    Its `steps` are the phases, each with `is_done`, `is_current` and its `aims`: the
    objectives, each with the message that met it as `said` (None: still open), and of
    that the `sentence` that did.
    """
    run = (
        conversation.runs.filter(learner=conversation.learner_id)
        .select_related("phase", "scenario")
        .first()
    )
    if run is None:
        return None
    mine = ConversationMessage.objects.for_learner(conversation.learner_id)
    met = {
        met.objective_id: met.message
        for met in run.met.filter(learner=conversation.learner_id).prefetch_related(
            Prefetch("message", mine)
        )
    }
    run.steps = list(run.scenario.phases.prefetch_related("objectives"))
    for phase in run.steps:
        phase.is_current = phase.pk == run.phase_id
        phase.is_done = run.phase is None or phase.position < run.phase.position
        phase.aims = list(phase.objectives.all())
        for aim in phase.aims:
            aim.said = met.get(aim.pk)
            if aim.said:
                aim.sentence = Prompt.trusted(aim.prompt).sentence_in(
                    aim.said.content, conversation.language
                )
    return run


def woven_in(conversation):
    """Return the words woven into the conversation, as the panel shows them.

    Each has its `review` by the conversation or None, and its `gap`: the pieces of its
    example around the word itself, empty where that isn't in it.
    """
    woven = weaving.with_items(WovenWord.objects.of(conversation))
    words = [word for word in woven if not (word.is_open and word.item.is_suspended)]
    reviews = reviews_by(conversation) if words else ()
    review_of = {review.item_id: review for review in reviews}
    for word in words:
        word.review = review_of.get(word.item_id)
        word.gap = _around(word.item)
    return words


def _around(item):
    """Return the pieces of the item's example between the forms of its word."""
    pieces, end = [], 0
    for token in lexicon.tokens(item.example, item.language):
        if lexicon.lemma(token.text, item.language) == item.lemma:
            pieces.append(item.example[end : token.start])
            end = token.end
    return [*pieces, item.example[end:]] if pieces else []


def reviews_by(conversation):
    """Return the reviews that the conversation brought, with their items."""
    woven = WovenWord.objects.of(conversation)
    return (
        Review.objects.for_learner(conversation.learner_id)
        .filter(
            kind=Review.Kind.CONVERSATION,
            source_id=conversation.conversation_id,
            item__in=woven.values("item"),
            item__learner=conversation.learner_id,
        )
        .select_related("item")
    )


def summary(conversation):
    """Return what the conversation came to, each figure read from its rows."""
    messages = ConversationMessage.objects.of(conversation)
    mine = VocabularyItem.objects.for_learner(conversation.learner_id)
    items = mine.filter(language=conversation.language)
    studied = messages.counted().totals()["study_seconds"]
    return {
        "study_seconds": studied,
        "minutes": studied // 60,
        "said": messages.filter(Q(role=ConversationMessage.Role.USER)).count(),
        "words": items.introduced_in(conversation.conversation_id),
        "reviews": reviews_by(conversation),
        "run": run_of(conversation),
    }


def corrected(conversation):
    """Return the learner's messages that have corrections, as the summary shows them.

    Each has its `shown_corrections`. Three queries, or none where none are wanted.
    """
    learner = conversation.learner
    if learner.feedback_style == learner.FeedbackStyle.OFF:
        return []
    mine = Correction.objects.for_learner(conversation.learner_id)
    messages = ConversationMessage.objects.of(conversation).filter(
        Exists(mine.filter(message=OuterRef("pk")))
    )
    found = list(messages.defer("parts", "vocabulary"))
    _show_corrections(learner, found, showing.in_summary)
    return [message for message in found if message.shown_corrections]
