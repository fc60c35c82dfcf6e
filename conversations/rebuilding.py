"""All that is counted of learners, counted anew from what it comes from.

What each figure comes from is said in `progress.computing`. The moments at which a
session began and ended are history of their own, and stay; a session that is missing is
made from the acts that no other spans.
"""

from collections import Counter, defaultdict

from django.contrib.auth import get_user_model

from conversations import studying, weak_point_reviewing
from conversations.models import (
    Conversation,
    ConversationMessage,
    WeakPoint,
    WeakPointReview,
)
from lingo.writing import first_wins
from progress.models import LearningProgress, StudyDay, StudySession
from vocabulary import counting
from vocabulary.models import Review, VocabularyItem

BATCH = 50  # learners
Skill = LearningProgress.Skill
OF_CONVERSATION = ("message_count", "total_tokens", "total_cost")
OF_MESSAGE = (
    "learner",
    "conversation",
    "role",
    "in_reply_to",
    "created_at",
    "study_seconds",
    "study_date",
    "token_count",
    "estimated_cost",
)


def rebuild():
    """Mend what is counted wrongly; return two `Counter`s: rows checked, rows mended.

    Their keys are the models' plural names. A constant number of statements for a batch
    of learners, and a few for each learner of whom something is mended. Safe while
    others write: whoever has begun to count is waited for, and others wait.
    """
    checked, mended = Counter(), Counter()
    keys = get_user_model().objects.order_by("pk").values_list("pk", flat=True)
    pks = list(keys)
    for start in range(0, len(pks), BATCH):
        batch = pks[start : start + BATCH]
        for found in first_wins(lambda batch=batch: _rebuild_batch(batch)):
            checked.update(found[0])
            mended.update(found[1])
    return checked, mended


def _rebuild_batch(pks):
    """Return for each of these learners what was checked and what was mended."""

    def of_learners(model, *columns):
        rows = model.objects.filter(learner__in=pks).order_by("pk")
        return rows.only(*columns) if columns else rows

    # What acts lock, in the order in which they lock it; and only then what was done.
    kept = [
        _by_learner(rows.select_for_update())
        for rows in (
            of_learners(Conversation),
            of_learners(VocabularyItem, *counting.OF_ITEM),
            of_learners(WeakPoint),
            of_learners(StudyDay),
            of_learners(LearningProgress),
            of_learners(StudySession),
        )
    ]
    messages = _by_learner(of_learners(ConversationMessage, *OF_MESSAGE))
    reviews = of_learners(Review, *counting.OF_REVIEW).standing()
    of_points = of_learners(WeakPointReview).filter(undone_at=None)
    kept += [messages, _by_learner(reviews), _by_learner(of_points)]
    learners = get_user_model().objects.filter(pk__in=pks).order_by("pk")
    return [
        _Rebuilding(learner, *(rows[learner.pk] for rows in kept)).mend()
        for learner in learners
    ]


def _by_learner(rows):
    found = defaultdict(list)
    for row in rows:
        found[row.learner_id].append(row)
    return found


class _Rebuilding:
    """One learner's rows, locked: what is counted, and what it comes from."""

    def __init__(
        self,
        learner,
        conversations,
        items,
        points,
        days,
        skills,
        sessions,
        messages,
        reviews,
        of_points,
    ):
        self.learner = learner
        self.conversations, self.items = conversations, items
        self.days, self.skills, self.sessions = days, skills, sessions
        self.said, self.reviews = defaultdict(list), reviews
        of_pk = {message.pk: message for message in messages}
        for message in messages:
            message.in_reply_to = of_pk.get(message.in_reply_to_id)
            self.said[message.conversation_id].append(message)
        items_of_pk = {item.pk: item for item in items}
        for review in reviews:
            review.item = items_of_pk[review.item_id]
        points_of_pk = {point.pk: point for point in points}
        self.of_points = of_points
        for review in of_points:
            review.weak_point = points_of_pk[review.weak_point_id]
        self.checked, self.mended = Counter(), Counter()

    def mend(self):
        """Mend the learner's rows; return what was checked and what was mended."""
        for conversation in self.conversations:
            _set(conversation, self._counters(conversation))
        self._save(Conversation, self.conversations, [], OF_CONVERSATION)
        days, skills, acts = self._studied()
        self._mend_days(days)
        self._mend_skills(skills)
        self._mend_sessions(acts)
        return self.checked, self.mended

    def _counters(self, conversation):
        said = self.said[conversation.pk]
        return {
            "message_count": len(said),
            "total_tokens": sum(message.token_count for message in said),
            "total_cost": sum(message.estimated_cost for message in said),
        }

    def _studied(self):
        """Return what days, skills and sessions should count.

        {(language, date): Counter}, {(language, skill): Counter}, and acts.
        """
        days, of_words = counting.tally(self.items, self.reviews)
        skills = defaultdict(Counter)
        for language, tallies in of_words.items():
            skills[language, Skill.VOCABULARY] = tallies
        acts = counting.acts_of(self.reviews)
        of_days, of_skills, of_sessions = weak_point_reviewing.tally(self.of_points)
        for day, tallies in of_days.items():
            days[day].update(tallies)
        for language, tallies in of_skills.items():
            skills[language, Skill.GRAMMAR] = tallies
        acts += of_sessions
        for conversation in self.conversations:
            said, language = self.said[conversation.pk], conversation.language
            seconds = 0
            for date, tallies in studying.days_of(said).items():
                days[language, date].update(tallies)
                seconds += tallies["study_seconds"]
            acts += studying.acts_of(conversation, said)
            if conversation.progress_recorded_at:
                days[language, conversation.counted_on]["conversations"] += 1
                skills[language, Skill.CONVERSATION].update(
                    sessions=1, conversations_completed=1, study_seconds=seconds
                )
        return days, skills, acts

    def _mend_days(self, studied):
        there = {(day.language, day.date): day for day in self.days}
        for key, day in there.items():
            _set(day, _all(StudyDay, studied[key]))
        new = [
            StudyDay(learner=self.learner, language=language, date=date, **tallies)
            for (language, date), tallies in sorted(studied.items())
            if (language, date) not in there and any(tallies.values())
        ]
        self._save(StudyDay, self.days, new, StudyDay.TALLIES)

    def _mend_skills(self, studied):
        there = {(row.language, row.skill): row for row in self.skills}
        for key, row in there.items():
            _set(row, _all(LearningProgress, studied[key]))
        new = [
            LearningProgress(
                learner=self.learner,
                language=language,
                skill=skill,
                **tallies,
                **self._span(language, skill),
            )
            for (language, skill), tallies in sorted(studied.items())
            if (language, skill) not in there and any(tallies.values())
        ]
        self._save(LearningProgress, self.skills, new, LearningProgress.TALLIES)

    def _span(self, language, skill):
        """Return when the skill was first and last practised, as far as rows say."""
        if skill == Skill.CONVERSATION:
            moments = [
                conversation.last_message_at
                for conversation in self.conversations
                if conversation.language == language
                and conversation.progress_recorded_at
            ]
        elif skill == Skill.GRAMMAR:
            moments = [
                review.reviewed_at
                for review in self.of_points
                if review.weak_point.language == language
            ]
        else:
            mine = [item for item in self.items if item.language == language]
            moments = [item.introduced_at for item in mine]
            moments += [
                review.reviewed_at
                for review in self.reviews
                if review.item.language == language
            ]
        return {"first_activity_at": min(moments), "last_activity_at": max(moments)}

    def _mend_sessions(self, acts):
        columns = ("last_at", *StudySession.TALLIES)
        before = [_values(session, columns) for session in self.sessions]
        for session in self.sessions:
            for name in StudySession.TALLIES:
                setattr(session, name, 0)
        new = StudySession.objects.file(self.learner, acts, self.sessions)
        for session, values in zip(self.sessions, before, strict=True):
            session.is_wrong = _values(session, columns) != values
        self._save(StudySession, self.sessions, new, columns)

    def _save(self, model, rows, new, columns):
        wrong = [row for row in rows if row.is_wrong]
        mine = model.objects.for_learner(self.learner)
        mine.bulk_update(wrong, columns)
        model.objects.bulk_create(new)
        name = str(model._meta.verbose_name_plural)
        self.checked[name] += len(rows)
        self.mended[name] += len(wrong) + len(new)


def _all(model, tallies):
    """Return all tallies of the model: nothing, where there are none."""
    return {name: tallies[name] for name in model.TALLIES}


def _set(row, values):
    """Set the row's columns, and whether they were otherwise: `is_wrong`."""
    row.is_wrong = any(getattr(row, name) != values[name] for name in values)
    for name, value in values.items():
        setattr(row, name, value)


def _values(row, columns):
    return [getattr(row, name) for name in columns]
