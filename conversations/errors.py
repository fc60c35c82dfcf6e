"""What can go wrong with a conversation. Pages and API turn each into a message."""


class ConversationError(Exception):
    """Base of the errors below; nothing was saved when one is raised."""


class ConversationNotFound(ConversationError):
    """There is no such conversation of this learner."""


class ConversationNotActive(ConversationError):
    """Only an active conversation takes new messages."""

    def __init__(self, conversation):
        super().__init__(
            f"This conversation is {conversation.get_status_display().lower()} "
            "and takes no new messages."
        )


class ForbiddenMove(ConversationError):
    """The table of states has no such move."""

    def __init__(self, old, new):
        super().__init__(f"A conversation that is {old} can't become {new}.")


class ClientIdTaken(ConversationError):
    """The client_id belongs to a message with other content or elsewhere."""

    def __init__(self, client_id):
        super().__init__(
            f"The client_id “{client_id}” was used for another message already."
        )


class TranscriptContradicts(ConversationError):
    """The transcript's history differs from what is saved, first at `position`."""

    def __init__(self, position):
        super().__init__(
            f"The history differs from what is saved, first at position {position}."
        )
        self.position = position


class InvalidTranscript(ConversationError):
    """The transcript itself is wrong; `problems` maps each field's path to why."""

    def __init__(self, problems):
        super().__init__("; ".join(f"{path}: {why}" for path, why in problems.items()))
        self.problems = problems


class InvalidScenario(ConversationError):
    """A scenario is wrong; `problems` maps each field's path to why."""

    def __init__(self, problems):
        super().__init__("; ".join(f"{path}: {why}" for path, why in problems.items()))
        self.problems = problems


class ScenarioNotFound(ConversationError):
    """The scenario was deleted a moment ago."""

    def __init__(self):
        super().__init__("This scenario was deleted.")


class TooManyScenarios(ConversationError):
    """A learner has as many scenarios of their own as one may have."""

    def __init__(self, most):
        super().__init__(f"You have {most} scenarios; delete one to write another.")


class NotTheNextReview(ConversationError):
    """A weak point's reviews have numbers, and this one leaves some out."""

    def __init__(self, number):
        super().__init__(f"Its next review is number {number}.")


class NotTheLatestReview(ConversationError):
    """Only the latest review of a weak point can be undone: others build on it."""

    def __init__(self):
        super().__init__("A later review of this weak point builds on this one.")


class TutorFailed(ConversationError):
    """The tutor gave no reply; the learner's message `said` is kept, unanswered.

    `why` says in a sentence what is known of the reason.
    """

    def __init__(self, said, why="The tutor could not reply."):
        super().__init__(f"{why} Your message is kept; try again for an answer.")
        self.said = said


class TutorBusy(ConversationError):
    """Another call of this conversation is under way at the provider."""


class OverLimit(ConversationError):
    """A call might cost more than the month's limit of the learner or site leaves."""
