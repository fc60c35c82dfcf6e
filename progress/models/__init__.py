from progress.models.award import Award
from progress.models.goal import Goal
from progress.models.learning_progress import LearningProgress
from progress.models.study_day import StudyDay
from progress.models.study_session import StudySession

__all__ = ["Award", "Goal", "LearningProgress", "StudyDay", "StudySession"]
