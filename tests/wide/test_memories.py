"""Whatever a word went through, its log gives its memory."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.histories import UNDO, live_through

YEAR = 365 * 86_400
steps = st.one_of(st.tuples(st.integers(1, 4), st.integers(0, YEAR)), st.just(UNDO))


@given(history=st.lists(steps, max_size=15), retention=st.floats(0.8, 0.97))
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_nothing_is_to_mend_whatever_was_reviewed_and_undone(
    learner, history, retention
):
    learner.desired_retention = retention

    live_through(learner, history)
