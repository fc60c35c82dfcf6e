"""How often a learner may ask: rates from the settings, counted in the cache."""

from rest_framework.throttling import SimpleRateThrottle


class _ByLearner(SimpleRateThrottle):
    """Counts by account, and by address where nobody is signed in."""

    def get_cache_key(self, request, view):
        who = request.user.pk if request.user.is_authenticated else None
        ident = self.get_ident(request) if who is None else who
        return self.cache_format % {"scope": self.scope, "ident": ident}


class ApiThrottle(_ByLearner):
    """All requests to the API."""

    scope = "api"


class TurnThrottle(_ByLearner):
    """Turns, by page or by API."""

    scope = "turns"


class LoginThrottle(SimpleRateThrottle):
    """Attempts to get a token, by address."""

    scope = "login"

    def get_cache_key(self, request, view):
        ident = self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": ident}
