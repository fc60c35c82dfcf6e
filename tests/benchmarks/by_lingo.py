"""The turn as the product takes it; only the tutor needs no time to think."""

from django.db import connection

from conversations import tutors
from conversations.models import Conversation, ConversationMessage
from conversations.turn_taking import take_turn
from tests.benchmarks.material import ANSWER, SAID, new_conversation, words_of
from tests.factories import reply
from vocabulary.managers import NewWord

FRAMES = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


class Statements:
    """Counts the statements that Django sends, without those that frame transactions.

    >>> with Statements() as statements: ...
    >>> statements.count
    """

    def __enter__(self):
        self.count = 0
        self.wrapped = connection.execute_wrapper(self)
        self.wrapped.__enter__()
        return self

    def __exit__(self, *error):
        self.wrapped.__exit__(*error)

    def __call__(self, execute, sql, *more):
        self.count += not sql.startswith(FRAMES)
        return execute(sql, *more)


class ByLingo:
    """One conversation, saved and loaded by Lingo's managers."""

    name = "Lingo"

    def __init__(self, size):
        self.conversation = new_conversation(size)
        self.turn = 0
        self.save_turn()

    def save_turn(self, while_thinking=lambda: None):
        self.turn += 1
        thought = reply(ANSWER)
        # With translations, as the guided tutor gives them.
        thought.vocabulary = [
            NewWord(word, f"the {word}", ANSWER) for word in words_of(self.turn)
        ]

        def reply_to(said, due_words, on_draft):
            while_thinking()
            return thought

        tutors.reply_to = reply_to
        key = f"{self.conversation.pk}-{self.turn}"
        take_turn(self.conversation, SAID, client_id=key)

    def save_and_release(self):
        """A turn that gives the connection back while the tutor thinks, as they do."""
        self.save_turn(tutors.release_connection)

    def statements(self):
        """Return how many statements a turn takes."""
        with Statements() as statements:
            self.save_turn()
        return statements.count

    def load_last(self):
        return ConversationMessage.objects.of(self._loaded()).before(None, 50)

    def load_all(self):
        return self._loaded().as_transcript()["messages"]

    def _loaded(self):
        mine = Conversation.objects.for_learner(self.conversation.learner_id)
        return mine.get(conversation_id=self.conversation.conversation_id)
