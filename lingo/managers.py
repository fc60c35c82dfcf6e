from django.contrib.auth.models import UserManager
from django.db.models import Q


class LearnerManager(UserManager):
    def named(self, name):
        """Return the learner whom an import names by numeric id or by username.

        Raises Learner.DoesNotExist where the name fits nobody, and
        Learner.MultipleObjectsReturned where it fits two: one by id, one by username.
        """
        text = str(name).strip() if isinstance(name, int | str) else ""
        fits = Q(username=text)
        if text.isascii() and text.isdigit() and int(text) <= 2**63 - 1:
            fits |= Q(pk=int(text))
        if isinstance(name, bool) or not text or "\x00" in text:
            fits = Q(pk=None)
        return self.get(fits)
