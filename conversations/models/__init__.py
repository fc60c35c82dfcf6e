from conversations.models.conversation import Conversation, ConversationMessage
from conversations.models.correction import Correction
from conversations.models.grammar import GrammarChart
from conversations.models.message_check import MessageCheck
from conversations.models.scenario import (
    MetObjective,
    Objective,
    Phase,
    Scenario,
    ScenarioRun,
)
from conversations.models.tutor_call import TutorCall, TutorMonth
from conversations.models.weak_point import WeakPoint, WeakPointReview
from conversations.models.woven_word import WovenWord

__all__ = [
    "Conversation",
    "ConversationMessage",
    "Correction",
    "GrammarChart",
    "MessageCheck",
    "MetObjective",
    "Objective",
    "Phase",
    "Scenario",
    "ScenarioRun",
    "TutorCall",
    "TutorMonth",
    "WeakPoint",
    "WeakPointReview",
    "WovenWord",
]
