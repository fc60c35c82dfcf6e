"""A tutor as somebody may add one: a file with one class."""

from conversations.tutors.reply import Tutor, TutorReply
from lingo.languages import LANGUAGES


class SlowTutor(Tutor):
    kind = "slow tutor"
    label = "Slow, but sure"
    about = dict.fromkeys(LANGUAGES, "It takes its time.")

    def reply(self, request, on_draft=None):
        return TutorReply("Despacio.")
