"""Very many words of very many learners, made in SQL."""

from django.db import connection
from django.utils import timezone

from lingo.models import Learner
from progress.models import StudyDay
from vocabulary.models import VocabularyItem

# One word in this many is due.
DUE = 20
# Each column's value for the word number n; now(n) is the moment n minutes ago.
COLUMNS = {
    "learner_id": "learner.id",
    "language": "'es'",
    "lemma": "'palabra' || n",
    "word": "'palabra' || n",
    "translation": "'word ' || (n * 7919 % 100003)",
    "search_text": "'palabra' || n || ' word ' || (n * 7919 % 100003)",
    "definition": "''",
    "phonetic": "''",
    "example": "'En esta frase se usa la palabra ' || n || ', y se entiende.'",
    "source": "CASE WHEN n % 3 = 0 THEN 'learner' ELSE 'conversation' END",
    "source_id": "''",
    "source_url": "''",
    "difficulty_level": "1 + n % 10",
    "introduced_at": "{ago}",
    "introduced_on": "{today}",
    "state": "CASE WHEN n % 4 = 0 THEN 1 ELSE 2 END",
    "step": "CASE WHEN n % 4 = 0 THEN 0 END",
    "stability": "CASE WHEN n % 4 > 0 THEN 1.0 + n % 40 END",
    "difficulty": "CASE WHEN n % 4 > 0 THEN 5.0 END",
    "last_review": "CASE WHEN n % 4 > 0 THEN {ago} END",
    "due": f"CASE WHEN n % {DUE} = 0 THEN {{ago}} ELSE {{ahead}} END",
    "is_suspended": "n % 50 = 1",
    "times_correct": "0",
    "times_incorrect": "0",
    "lapses": "n % 9",
}
MOMENTS = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S', '{now}', ({minutes}) || ' minutes')",
    "postgresql": "timestamptz '{now}' + ({minutes}) * interval '1 minute'",
}
INSERT = """
WITH RECURSIVE numbers(n) AS (
    SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {each}
)
INSERT INTO {items} ({names})
SELECT {values} FROM {learners} AS learner CROSS JOIN numbers
WHERE learner.username LIKE '{name}-%'
"""
STUDY_DAYS = """
WITH RECURSIVE numbers(n) AS (
    SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < {each} - 1
)
INSERT INTO {days} (
    learner_id, language, date, turns, reviews, words, conversations, study_seconds
)
SELECT learner.id, 'es', {date}, 1 + n % 9, n % 30, n % 4, n % 2, 60 * (n % 40)
FROM {learners} AS learner CROSS JOIN numbers
WHERE learner.username LIKE '{name}-%'
"""
DATES = {
    "sqlite": "date('{today}', (-n) || ' days')",
    "postgresql": "date '{today}' - n",
}


def learners(name, count):
    """Make learners who can't sign in; return one of them."""
    made = Learner.objects.bulk_create(
        Learner(username=f"{name}-{n}", password="!") for n in range(count)
    )
    return made[count // 2]


def words(name, each):
    """Give each learner of that name so many Spanish words, with one INSERT.

    They differ in all that the list page filters and orders by. One in DUE is due.
    """
    now = timezone.now()
    moment = MOMENTS[connection.vendor]
    moments = {
        "ago": moment.format(now=f"{now:%Y-%m-%d %H:%M:%S}", minutes="-n"),
        "ahead": moment.format(now=f"{now:%Y-%m-%d %H:%M:%S}", minutes="n"),
        "today": f"'{now:%Y-%m-%d}'",
    }
    if connection.vendor == "postgresql":
        moments["today"] = f"date {moments['today']}"
    insert = INSERT.format(
        each=each,
        name=name,
        items=VocabularyItem._meta.db_table,
        learners=Learner._meta.db_table,
        names=", ".join(COLUMNS),
        values=", ".join(value.format(**moments) for value in COLUMNS.values()),
    )
    with connection.cursor() as cursor:
        cursor.execute(insert)
        cursor.execute("ANALYZE")


def study_days(name, each):
    """Give each learner of that name so many study days up to today: one INSERT."""
    today = timezone.localdate()
    insert = STUDY_DAYS.format(
        each=each,
        name=name,
        days=StudyDay._meta.db_table,
        learners=Learner._meta.db_table,
        date=DATES[connection.vendor].format(today=today),
    )
    with connection.cursor() as cursor:
        cursor.execute(insert)
        cursor.execute("ANALYZE")
