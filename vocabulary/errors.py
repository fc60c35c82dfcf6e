"""What can go wrong with a word. Pages and API turn each into a message."""


class VocabularyError(Exception):
    """Base of the errors below; nothing was saved when one is raised."""


class ItemNotFound(VocabularyError):
    """The word was deleted meanwhile."""

    def __init__(self):
        super().__init__("This word was deleted.")


class ClientIdTaken(VocabularyError):
    """The client_id belongs to a review of another word."""

    def __init__(self, client_id):
        super().__init__(
            f"The client_id “{client_id}” was used for another review already."
        )


class NotTheLatestReview(VocabularyError):
    """Only the latest review of a word can be undone: others build on it."""

    def __init__(self):
        super().__init__("A later review of this word builds on this one.")


class MalformedDictionary(VocabularyError):
    """A dictionary can't be read: says the file, the place in it and the reason."""

    def __init__(self, file, reason, place=""):
        super().__init__(f"{file}{place and f', {place}'}: {reason}.")


class UnreadableFile(VocabularyError):
    """A file can't be imported at all.

    `problems` says for each part of an archive what is wrong there: {"version": "…"}.
    """

    def __init__(self, reason, problems=None):
        super().__init__(reason)
        self.problems = problems or {}


class UploadNotFound(VocabularyError):
    """The uploaded file was replaced by another, or waited too long."""

    def __init__(self):
        super().__init__("This file is no longer here. Please choose it again.")
