"""Which share of the learners here has an achievement."""

from django.core.cache import cache
from django.db.models import Count

from progress.models import Award

# Of fewer learners a share says little of the achievement, and much of each of them.
LEAST_LEARNERS = 20
KEY, SECONDS = "progress-award-shares", 3600


def shares():
    """Return {slug: share of 1} of the learners who have any achievement.

    Empty where they are fewer than LEAST_LEARNERS. Counted anew once an hour, in two
    queries over all awards, and else read from the cache.
    """
    found = cache.get(KEY)
    if found is None:
        learners = Award.objects.aggregate(number=Count("learner", distinct=True))
        number = learners["number"]
        counts = Award.objects.order_by().values_list("slug").annotate(Count("pk"))
        found = {}
        if number >= LEAST_LEARNERS:
            found = {slug: count / number for slug, count in counts}
        cache.set(KEY, found, SECONDS)
    return found
